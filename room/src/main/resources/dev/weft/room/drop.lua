-- Takes a task that makes no sense from the queue.
-- KEYS[1]  stream of the worker queue
-- ARGV[1]  consumer group
-- ARGV[2]  id of the task
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
return redis.call('XDEL', KEYS[1], ARGV[2])
