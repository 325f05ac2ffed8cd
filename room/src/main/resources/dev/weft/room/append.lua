-- Appends a message to a room's stream, queues the room's compaction if the stream comes into being, and tells subscribers.
-- KEYS[1]  stream of the room; the name of its channel too
-- KEYS[2]  stream of the worker queue
-- KEYS[3]  mark of a room that was erased
-- KEYS[4]  for a seed only: the right to seed the room
-- ARGV[1]  the message
-- ARGV[2]  longest message, in bytes, that subscribers receive whole; of a longer one they receive the id
-- ARGV[3]  for a seed only: who must have that right still, or else nothing is appended, as in a room where somebody wrote before
-- returns  the id of the new entry; nil for a seed that was not appended
local seeds = KEYS[4] ~= nil
-- Mostly there is a stream, and then nothing else has to be asked: erasing deletes it in one step with setting the mark.
local id = not seeds and redis.call('XADD', KEYS[1], 'NOMKSTREAM', '*', 'm', ARGV[1])
if not id then
  if redis.call('EXISTS', KEYS[3]) == 1 then
    return redis.error_reply('ERASED the room was erased')
  end
  if seeds and (redis.call('GET', KEYS[4]) ~= ARGV[3] or redis.call('EXISTS', KEYS[1]) == 1) then
    return nil
  end
  -- The task first: should the second call fail (memory limit), a task without a stream ends by itself, a stream without a task would wait.
  redis.call('XADD', KEYS[2], '*', 'compact', KEYS[1])
  id = redis.call('XADD', KEYS[1], '*', 'm', ARGV[1])
end

-- Envelope: kind (1 whole entry, 2 id alone), length of the id, id, message.
local kind, message = '\1', ARGV[1]
if #message > tonumber(ARGV[2]) then
  kind, message = '\2', ''
end
redis.call('SPUBLISH', KEYS[1], kind .. string.char(#id) .. id .. message)
return id
