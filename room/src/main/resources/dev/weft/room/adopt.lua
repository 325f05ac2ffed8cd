-- Queues the compaction of a room that was found to have none.
-- KEYS[1]  stream of the room
-- KEYS[2]  stream of the worker queue
-- KEYS[3]  hash of rooms set aside
-- returns  1 if it was queued, 0 if the stream is no more or the room was set aside
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[3], KEYS[1]) == 1 then
  return 0
end
redis.call('XADD', KEYS[2], '*', 'compact', KEYS[1])
return 1
