package dev.weft.demo;

/** The demo cannot run. The message is one line for whoever typed the command: what is wrong and how to mend it. */
final class DemoException extends Exception {
    private static final long serialVersionUID = 1;

    DemoException(String message) {
        super(message);
    }

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
