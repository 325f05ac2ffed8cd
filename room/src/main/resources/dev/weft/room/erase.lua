-- Deletes what Redis has of a room, refuses what comes late, and tells subscribers.
-- KEYS[1]  stream of the room; the name of its channel too
-- KEYS[2]  presence hash of the room
-- KEYS[3]  mark of a room that was erased
-- KEYS[4]  the right to seed the room
-- KEYS[5]  hash of rooms in quarantine
-- ARGV[1]  milliseconds for which appends are refused
-- returns  how many entries and how many clients' presence were deleted
local entries = redis.call('XLEN', KEYS[1])
local clients = redis.call('HLEN', KEYS[2])
if redis.call('HEXISTS', KEYS[2], 'swept') == 1 then
  clients = clients - 1
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[4])
redis.call('HDEL', KEYS[5], KEYS[1])
redis.call('SET', KEYS[3], '1', 'PX', ARGV[1])
-- Envelope: kind 4, alone.
redis.call('SPUBLISH', KEYS[1], '\4')
return {entries, clients}
