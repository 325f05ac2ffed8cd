// Hocuspocus as its documentation starts it: node hocuspocus.mjs PORT [REDIS-PORT]
import { Redis } from '@hocuspocus/extension-redis'
import { Server } from '@hocuspocus/server'

const [port, redisPort] = process.argv.slice(2).map(Number)
const extensions = redisPort ? [new Redis({ host: '127.0.0.1', port: redisPort })] : []
const server = new Server({ address: '127.0.0.1', port, quiet: true, extensions })
await server.listen()
console.log('ready')
