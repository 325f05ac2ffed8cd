package dev.weft.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;

/**
 * The pipeline of a connection, in both of its lives.
 *
 * <pre>
 *   HTTP         traffic  http                 deadline  whole-request  routes  upgrade
 *   WebSocket    traffic  wsdecoder wsencoder  whole-message  connection
 * </pre>
 */
final class ServerPipeline extends ChannelInitializer<Channel> {
    private static final String TRAFFIC = "traffic";
    private static final String ROUTES = "routes";
    private static final String UPGRADE = "upgrade";
    private static final String WHOLE_MESSAGE = "whole-message";

    /** A room's name of 512 bytes, percent-encoded, and a token. */
    private static final int MAX_LINE = 16 << 10;

    private static final int MAX_HEADERS = 16 << 10;
    private static final int MAX_BODY = 8 << 10;

    private final Reception reception;

    ServerPipeline(Reception reception) {
        this.reception = reception;
    }

    @Override
    protected void initChannel(Channel channel) {
        Node node = reception.node();
        Reading reading = new Reading(channel);
        channel.pipeline()
                .addLast(TRAFFIC, new TrafficMeter(node.metrics()))
                .addLast("http", new HttpServerCodec(MAX_LINE, MAX_HEADERS, MAX_BODY))
                .addLast("deadline", new RequestDeadline(node.times().http()))
                .addLast("whole-request", new HttpObjectAggregator(MAX_BODY))
                .addLast(ROUTES, new HttpRoutes(node))
                .addLast(UPGRADE, new UpgradeHandler(reception, reading));
    }

    /** After the handshake, which has taken the HTTP codec out and put the WebSocket codec in. */
    static void becomeWebSocket(Channel channel, Connection connection, Node node) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.remove(ROUTES);
        pipeline.remove(UPGRADE);
        pipeline.addLast(WHOLE_MESSAGE, new MessageAssembler(node.limits().messageBytes()));
        pipeline.addLast("connection", new ConnectionHandler(connection, node));
        ((TrafficMeter) pipeline.get(TRAFFIC)).attach(connection);
    }
}
