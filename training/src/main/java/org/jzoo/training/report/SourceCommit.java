package org.jzoo.training.report;

import java.nio.file.Path;
import java.util.Optional;

/** Which source code figures were measured with. */
public final class SourceCommit {

    /** What {@link #of} returns where it cannot tell. */
    public static final String UNKNOWN = "unknown";

    private SourceCommit() {}

    /**
     * The first 12 digits of the commit that is checked out in {@code folder}, with {@code
     * +changes} if tracked files differ from it; {@link #UNKNOWN} outside a Git repository.
     */
    public static String of(Path folder) {
        Optional<String> commit =
                SystemCommand.run(folder, "git", "rev-parse", "--short=12", "HEAD");
        if (commit.isEmpty() || commit.get().isBlank()) {
            return UNKNOWN;
        }
        Optional<String> changes =
                SystemCommand.run(folder, "git", "status", "--porcelain", "--untracked-files=no");
        boolean clean = changes.map(String::isBlank).orElse(false);
        return commit.get().strip() + (clean ? "" : "+changes");
    }
}
