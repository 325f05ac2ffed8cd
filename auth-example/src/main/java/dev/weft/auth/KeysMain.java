package dev.weft.auth;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code weft keys}: prints a new key pair as two lines for {@code .env}. */
@Command(
        name = "weft keys",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Prints a new P-384 key pair as two lines for .env.",
            "AUTH_PUBLIC_KEY goes to every server; AUTH_PRIVATE_KEY is the secret of whoever issues tokens."
        },
        footer = {"", "Example: ./weft keys >> .env"})
public final class KeysMain implements Callable<Integer> {
    public static void main(String[] args) {
        System.exit(new CommandLine(new KeysMain()).execute(args));
    }

    @Override
    public Integer call() {
        System.out.print(lines(P384Keys.generate()));
        return 0;
    }

    /** In single quotes, so that shells, Docker and Weft read the JSON alike. */
    static String lines(P384Keys keys) {
        return "AUTH_PUBLIC_KEY='" + keys.publicJwk() + "'\nAUTH_PRIVATE_KEY='" + keys.privateJwk() + "'\n";
    }
}
