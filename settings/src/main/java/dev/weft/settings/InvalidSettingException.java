package dev.weft.settings;

/**
 * A setting is missing or bad, and the process cannot start with it. The message is one line meant for the operator: the variable, what
 * it expects, and what is wrong with what it has. Values of variables whose name speaks of a secret are not repeated.
 */
public final class InvalidSettingException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 80;

    public InvalidSettingException(String name, String expects) {
        super(name + " is not set; it expects " + expects);
    }

    public InvalidSettingException(String name, String expects, String value, Throwable cause) {
        super(name + " has a bad value" + shown(name, value) + "; it expects " + expects + reason(cause), cause);
    }

    private static String shown(String name, String value) {
        boolean secret =
                name.contains("KEY") || name.contains("SECRET") || value.contains("@") || value.contains("password");
        if (secret) {
            return "";
        }
        return " '" + (value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value) + "'";
    }

    private static String reason(Throwable cause) {
        boolean says = cause.getMessage() != null && !(cause instanceof NumberFormatException);
        return says ? " (" + cause.getMessage() + ")" : "";
    }
}
