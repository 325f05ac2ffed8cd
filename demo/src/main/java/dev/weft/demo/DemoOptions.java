package dev.weft.demo;

import java.nio.file.Path;

/**
 * @param host address to listen on
 * @param port of the WebSocket server; 0 takes a free one
 * @param pagePort of the page and the auth example; 0 takes a free one
 * @param data folder that keeps everything between runs
 */
record DemoOptions(String host, int port, int pagePort, Path data) {}
