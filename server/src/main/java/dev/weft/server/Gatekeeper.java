package dev.weft.server;

/** Decides who comes in: verifies the token, then asks for the permission. Thread-safe; blocks. */
final class Gatekeeper implements AutoCloseable {
    private final TokenVerifier tokens;
    private final PermissionClient permissions;

    Gatekeeper(TokenVerifier tokens, PermissionClient permissions) {
        this.tokens = tokens;
        this.permissions = permissions;
    }

    Visitor admit(UpgradeRequest request) throws Refusal {
        String user = tokens.verify(request.token());
        return new Visitor(request.room(), user, permissions.access(request.room(), user));
    }

    @Override
    public void close() {
        permissions.close();
    }
}
