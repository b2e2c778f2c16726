package org.jzoo.zoo.card;

/** Which state of the code made a model. */
public final class Commit {

    /** The system property that tells it; the launcher sets it where there is a git clone. */
    public static final String PROPERTY = "jzoo.commit";

    /** The environment variable that tells it, for builds that know. */
    public static final String VARIABLE = "JZOO_COMMIT";

    private Commit() {}

    /** The commit, or "unknown" if nobody told. */
    public static String current() {
        String commit = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        return commit == null || commit.isBlank() ? "unknown" : commit.strip();
    }
}
