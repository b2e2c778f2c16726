package org.jzoo.blocks.kernel;

/** DJL's report to its makers, sent when an engine starts or a tokenizer opens. */
public final class Telemetry {

    private static final String NAME = "OPT_OUT_TRACKING";

    private Telemetry() {}

    /**
     * Opts out, unless the environment variable or system property {@value #NAME} says otherwise.
     * On a machine without network the attempt alone costs seconds.
     */
    public static void optOut() {
        if (System.getenv(NAME) == null && System.getProperty(NAME) == null) {
            System.setProperty(NAME, "true");
        }
    }
}
