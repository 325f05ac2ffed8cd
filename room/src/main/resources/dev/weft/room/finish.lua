-- Ends a compaction: trims from a room's stream what is stored and old enough, then queues the room again, or lets stream and task end.
-- KEYS[1]  stream of the room
-- KEYS[2]  stream of the worker queue
-- ARGV[1]  consumer group of the worker queue
-- ARGV[2]  id of the task that is done
-- ARGV[3]  id of the last entry that is stored; 0-0 if none is
-- ARGV[4]  the least id above it
-- ARGV[5]  milliseconds that an entry stays at least
-- returns  1 if the stream lives on, 0 if it is no more
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local oldest = now - tonumber(ARGV[5]) -- entries of this millisecond stay

-- Exactly ('='), and never past what is stored: XTRIM MINID evicts the ids below the one given.
local first = ARGV[4]
if tonumber(string.match(first, '^%d+')) >= oldest then
  first = string.format('%.0f-0', math.max(oldest, 0))
end
redis.call('XTRIM', KEYS[1], 'MINID', '=', first)

local lives = redis.call('XLEN', KEYS[1]) > 0
if not lives then
  redis.call('DEL', KEYS[1])
end

-- If another worker ended this task already, then it has queued the room again itself. The task is asked for in the stream and not
-- among the pending ones, because a group that was lost and made anew knows of none.
local was_open = redis.call('XDEL', KEYS[2], ARGV[2]) == 1
redis.call('XACK', KEYS[2], ARGV[1], ARGV[2])
if lives and was_open then
  redis.call('XADD', KEYS[2], '*', 'compact', KEYS[1], 'stored', ARGV[3])
end
return lives and 1 or 0
