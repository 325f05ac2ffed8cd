-- Renews the leases of tasks: sets their idle time to zero where this consumer still holds them.
-- KEYS[1]  stream of the worker queue
-- ARGV[1]  consumer group
-- ARGV[2]  this consumer
-- ARGV[3…] ids of tasks
-- returns  the ids of those held
local held = {}
for i = 3, #ARGV do
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1, ARGV[2])
  if #pending == 1 then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID')
    held[#held + 1] = ARGV[i]
  end
end
return held
