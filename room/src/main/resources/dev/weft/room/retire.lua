-- Removes consumers that hold no task and have been silent for long. One that holds a task must stay: with it, Redis would forget
-- that its tasks are to be done.
-- KEYS[1]  stream of the worker queue
-- ARGV[1]  consumer group
-- ARGV[2]  milliseconds of silence
-- ARGV[3]  a consumer to remove even if it spoke just now; empty for none
-- returns  how many were removed
local removed = 0
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local name, pending, idle
  for i = 1, #consumer, 2 do
    if consumer[i] == 'name' then name = consumer[i + 1] end
    if consumer[i] == 'pending' then pending = consumer[i + 1] end
    if consumer[i] == 'idle' then idle = consumer[i + 1] end
  end
  if pending == 0 and (idle >= tonumber(ARGV[2]) or name == ARGV[3]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], name)
    removed = removed + 1
  end
end
return removed
