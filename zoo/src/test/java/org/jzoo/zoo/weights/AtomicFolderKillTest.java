package org.jzoo.zoo.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderKillTest {

    private static final int KILLS = 6;

    @TempDir Path parent;

    @Test
    void aWriterThatIsKilledAnywhereLeavesAWholeFolder() throws Exception {
        Path folder = parent.resolve("model");
        Random random = new Random(3);
        int newest = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process writer = start(folder, newest + 1);
            // The writer's first line says that it has begun.
            assertEquals('w', writer.getInputStream().read());
            Thread.sleep(50 + random.nextInt(100));
            writer.destroyForcibly();
            assertTrue(writer.waitFor(20, TimeUnit.SECONDS));

            AtomicFolder.recover(folder);
            Checksums.verify(folder);
            int a = Integer.parseInt(Files.readString(folder.resolve("a.txt")));
            int b = Integer.parseInt(Files.readString(folder.resolve("b.txt")));
            assertEquals(a, b, "both files must be of one version");
            assertTrue(a >= newest, "versions must not go back");
            newest = a;
        }
        assertTrue(newest > KILLS, "the writer must have been fast enough to be interrupted");
    }

    private static Process start(Path folder, int version) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        folder.toString(),
                        Integer.toString(version))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Replaces a folder without end, each time with two files of the next version. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            for (int version = Integer.parseInt(args[1]); ; version++) {
                String text = Integer.toString(version);
                AtomicFolder.write(
                        folder,
                        fresh -> {
                            Files.writeString(fresh.resolve("a.txt"), text);
                            Files.writeString(fresh.resolve("b.txt"), text);
                        });
                System.out.print('w');
                System.out.flush();
            }
        }
    }
}
