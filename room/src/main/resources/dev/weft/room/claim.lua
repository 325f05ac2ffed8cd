-- Claims tasks of the queue whose lease has ended.
-- KEYS[1]  stream of the worker queue
-- ARGV[1]  consumer group
-- ARGV[2]  this consumer
-- ARGV[3]  milliseconds for which nobody may have claimed or renewed a task
-- ARGV[4…] ids of tasks
-- returns  four texts for each that was claimed: its id, the key of the room's stream, the last entry that is stored ('' if none is
--          named), how often the task was delivered
local claimed = {}
for _, task in ipairs(redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], unpack(ARGV, 4))) do
  local id, fields = task[1], {}
  for i = 1, #task[2], 2 do
    fields[task[2][i]] = task[2][i + 1]
  end
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], id, id, 1)[1]
  claimed[#claimed + 1] = id
  claimed[#claimed + 1] = fields['compact'] or ''
  claimed[#claimed + 1] = fields['stored'] or ''
  claimed[#claimed + 1] = tostring(pending[4])
end
return claimed
