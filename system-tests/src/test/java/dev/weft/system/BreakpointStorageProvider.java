package dev.weft.system;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorageProvider;
import java.util.ServiceLoader;

/** Postgres, with a {@link BreakpointStorage} before it: {@code STORAGE=breakpoint}, and the step in {@code BREAKPOINT}. */
public final class BreakpointStorageProvider implements DocumentStorageProvider {
    static final String NAME = "breakpoint";
    static final String STEP = "BREAKPOINT";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isConfigured(Settings settings) {
        return settings.text(STEP).isPresent();
    }

    @Override
    public String hint() {
        return STEP + "=" + BreakpointStorage.Step.BEFORE_STORE;
    }

    @Override
    public DocumentStorage open(Settings settings) {
        DocumentStorage postgres = ServiceLoader.load(DocumentStorageProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("postgres"))
                .findFirst()
                .orElseThrow()
                .open(settings);
        return new BreakpointStorage(
                postgres, settings.required(STEP, "a step of a compaction", BreakpointStorage.Step::valueOf));
    }
}
