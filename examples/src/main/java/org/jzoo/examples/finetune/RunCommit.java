package org.jzoo.examples.finetune;

import java.nio.file.Path;
import org.jzoo.training.report.SourceCommit;
import org.jzoo.zoo.card.Commit;

/** Which state of the code made figures or a model. */
public final class RunCommit {

    private static final int DIGITS = 12;

    private RunCommit() {}

    /**
     * The first 12 digits of what {@link Commit} was told, else of the checkout in the working
     * folder, which knows of changes too; "unknown" where neither is.
     */
    public static String current() {
        return of(Commit.current(), SourceCommit.of(Path.of("").toAbsolutePath()));
    }

    static String of(String told, String here) {
        boolean same = told.startsWith(here.replace("+changes", ""));
        return same || told.equals(SourceCommit.UNKNOWN)
                ? here
                : told.substring(0, Math.min(DIGITS, told.length()));
    }
}
