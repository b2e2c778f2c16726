package org.jzoo.examples.finetune;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RunCommitTest {

    private static final String HERE = "0123456789ab";

    @Test
    void theCheckoutThatWasBuiltAlsoTellsOfChanges() {
        assertEquals(HERE + "+changes", RunCommit.of(HERE + "cdef", HERE + "+changes"));
        assertEquals(HERE, RunCommit.of(HERE + "cdef", HERE));
    }

    @Test
    void whatWasToldCountsInOtherFoldersAndTheFolderWhereNothingWasTold() {
        assertEquals("fedcba987654", RunCommit.of("fedcba9876543210", HERE + "+changes"));
        assertEquals("fedc", RunCommit.of("fedc", "unknown"));
        assertEquals(HERE, RunCommit.of("unknown", HERE));
        assertEquals("unknown", RunCommit.of("unknown", "unknown"));
    }
}
