// @y/websocket-server as its own command starts it; HOST and PORT come from the environment.
import './node_modules/@y/websocket-server/src/server.js'
