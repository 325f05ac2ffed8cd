-- Appends a message to a room's stream, queues the room's compaction if the stream comes into being, and tells subscribers.
-- KEYS[1]  stream of the room; the name of its channel too
-- KEYS[2]  stream of the worker queue
-- ARGV[1]  the message
-- ARGV[2]  longest message, in bytes, that subscribers receive whole; of a longer one they receive the id
-- returns  the id of the new entry

-- The task first: should the second call fail (memory limit), a task without a stream ends by itself, a stream without a task would wait.
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('XADD', KEYS[2], '*', 'compact', KEYS[1])
end
local id = redis.call('XADD', KEYS[1], '*', 'm', ARGV[1])

-- Envelope: kind (1 whole entry, 2 id alone), length of the id, id, message.
local kind, message = '\1', ARGV[1]
if #message > tonumber(ARGV[2]) then
  kind, message = '\2', ''
end
redis.call('SPUBLISH', KEYS[1], kind .. string.char(#id) .. id .. message)
return id
