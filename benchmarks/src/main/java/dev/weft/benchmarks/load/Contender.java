package dev.weft.benchmarks.load;

import java.util.Map;

/** A server that takes part in the comparison. */
interface Contender {
    String name();

    /**
     * Starts it afresh, with nothing in it.
     *
     * @param settings environment variables, which only ours has
     */
    Running start(Map<String, String> settings);

    /** One that runs. */
    interface Running extends AutoCloseable {
        Target target();

        /** Makes it give back memory that it does not need. */
        void collect();

        /**
         * Brings a document into a room in the way that this server keeps it.
         *
         * @return to be closed when it is not needed any more
         */
        Held bring(Session session, String room, byte[] document);

        @Override
        void close();
    }

    /** A document that is kept. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }
}
