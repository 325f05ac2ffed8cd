-- Gives up the right to seed a room, if it is held still.
-- KEYS[1]  the right to seed the room
-- ARGV[1]  who has it
-- returns  1 if it was given up
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
