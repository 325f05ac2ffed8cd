-- Queues a room again that was set aside, perhaps without some entries of its stream.
-- KEYS[1]  stream of the room
-- KEYS[2]  stream of the worker queue
-- KEYS[3]  hash of rooms set aside
-- ARGV[1]  id of the last entry that is stored; 0-0 if nothing is known
-- ARGV[2…] ids of entries that are dropped
-- returns  how many entries were dropped; -1 if the room was not set aside
if redis.call('HDEL', KEYS[3], KEYS[1]) == 0 then
  return -1
end
local dropped = 0
for i = 2, #ARGV do
  dropped = dropped + redis.call('XDEL', KEYS[1], ARGV[i])
end
-- Also if nothing is left in it: its task ends a stream.
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('XADD', KEYS[2], '*', 'compact', KEYS[1], 'stored', ARGV[1])
end
return dropped
