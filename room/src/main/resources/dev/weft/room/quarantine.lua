-- Sets a room aside that cannot be compacted: its task leaves the queue, its stream stays.
-- KEYS[1]  stream of the room
-- KEYS[2]  stream of the worker queue
-- KEYS[3]  hash of rooms set aside: key of the stream -> why, as JSON
-- ARGV[1]  consumer group of the worker queue
-- ARGV[2]  id of the task
-- ARGV[3]  the JSON
-- returns  1 if it was set aside; 0 if another worker ended the task, or the stream is no more
local was_open = redis.call('XDEL', KEYS[2], ARGV[2]) == 1
redis.call('XACK', KEYS[2], ARGV[1], ARGV[2])
if not was_open or redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
redis.call('HSET', KEYS[3], KEYS[1], ARGV[3])
return 1
