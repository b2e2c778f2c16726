package org.jzoo.blocks.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** What this machine's processor is built for. */
public final class Processor {

    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");
    private static final Set<String> BFLOAT16 = Set.of("amx_bf16", "avx512_bf16", "bf16");

    private Processor() {}

    /** Whether it has units for bfloat16 products; false where the system does not say. */
    public static boolean multipliesBfloat16() {
        try {
            return Files.isReadable(DESCRIPTION)
                    && multipliesBfloat16(Files.readString(DESCRIPTION, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * As above, from the text of Linux' processor description: "flags" on x86, "Features" on Arm.
     */
    public static boolean multipliesBfloat16(String description) {
        return description
                .lines()
                .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                .flatMap(line -> Arrays.stream(line.split("[\\s:]+", -1)))
                .anyMatch(BFLOAT16::contains);
    }
}
