package dev.weft.system;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorageProvider;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** Postgres, with a {@link BreakpointStorage} before it: {@code STORAGE=breakpoint}, the step in {@code BREAKPOINT}, and
 * in {@code BREAKPOINT_RELEASE} the file whose coming ends the stop. */
public final class BreakpointStorageProvider implements DocumentStorageProvider {
    static final String NAME = "breakpoint";
    static final String STEP = "BREAKPOINT";
    static final String RELEASE = "BREAKPOINT_RELEASE";

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
        Path release = settings.required(RELEASE, "the path of a file", Path::of);
        return new BreakpointStorage(
                postgres,
                settings.required(STEP, "a step of a compaction", BreakpointStorage.Step::valueOf),
                step -> BreakpointStorage.announceAndWait(step, release));
    }
}
