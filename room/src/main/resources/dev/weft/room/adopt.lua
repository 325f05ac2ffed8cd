-- Queues the compaction of a room that was found to have none.
-- KEYS[1]  stream of the room
-- KEYS[2]  stream of the worker queue
-- returns  1 if it was queued, 0 if the stream is no more
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
redis.call('XADD', KEYS[2], '*', 'compact', KEYS[1])
return 1
