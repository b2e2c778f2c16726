package org.jzoo.examples.finetune;

import java.nio.file.Path;
import org.jzoo.training.report.SourceCommit;
import org.jzoo.zoo.card.Commit;

/** Which state of the code made the model of a run. */
public final class RunCommit {

    private RunCommit() {}

    /** What {@link Commit} was told, else the checkout in the working folder, else "unknown". */
    public static String current() {
        String told = Commit.current();
        return told.equals(SourceCommit.UNKNOWN)
                ? SourceCommit.of(Path.of("").toAbsolutePath())
                : told;
    }
}
