package org.jzoo.training.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.util.Utils;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jzoo.blocks.part.PartJson;
import org.jzoo.training.loop.CheckpointState.TensorShape;

/**
 * A folder with the checkpoints of one training: each a folder "step-N" of files whose checksums
 * stand in SHA256SUMS. A checkpoint is written under another name, forced to the disk and moved in
 * one step; only then the one before is removed.
 */
final class CheckpointFolder {

    private static final Pattern NAME = Pattern.compile("step-(\\d+)");
    private static final String PARTIAL = ".partial";
    private static final String STATE = "state.json";
    private static final String SUMS = "SHA256SUMS";

    private final Path root;
    private Path latest;

    /** Opens a folder, which need not exist, and removes what a killed run left half-written. */
    CheckpointFolder(Path root) {
        this.root = root;
        try {
            if (Files.isDirectory(root)) {
                for (Path path : list()) {
                    if (path.getFileName().toString().endsWith(PARTIAL)) {
                        delete(path);
                    }
                }
                latest = newest();
            }
        } catch (IOException e) {
            throw new CheckpointException("cannot read checkpoint folder " + root, e);
        }
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> paths = Files.list(root)) {
            return paths.toList();
        }
    }

    private Path newest() throws IOException {
        Path newest = null;
        for (Path path : list()) {
            if (stepOf(path) >= 0 && (newest == null || stepOf(path) > stepOf(newest))) {
                newest = path;
            }
        }
        return newest;
    }

    private static long stepOf(Path path) {
        Matcher matcher = NAME.matcher(path.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /** The last good checkpoint, or null. */
    Path latest() {
        return latest;
    }

    /**
     * Writes a checkpoint.
     *
     * @param state its tensors are those of {@code files}
     * @param files arrays by file and name
     * @return its size in bytes
     * @throws IOException if it cannot be written; the one before is untouched
     * @throws ArithmeticException if a number is not finite; the one before is untouched
     */
    long save(CheckpointState state, Map<String, Map<String, NDArray>> files) throws IOException {
        Files.createDirectories(root);
        Path target = root.resolve("step-" + state.step());
        Path partial = root.resolve("." + target.getFileName() + PARTIAL);
        delete(partial);
        try {
            Files.createDirectory(partial);
            Map<String, String> sums = new LinkedHashMap<>();
            for (Map.Entry<String, Map<String, NDArray>> file : files.entrySet()) {
                Path path = partial.resolve(file.getKey());
                sums.put(file.getKey(), TensorFile.write(path, file.getValue().values()));
            }
            sums.put(STATE, TensorFile.writeText(partial.resolve(STATE), PartJson.toJson(state)));
            TensorFile.writeText(
                    partial.resolve(SUMS),
                    sums.entrySet().stream()
                            .map(e -> e.getValue() + "  " + e.getKey() + "\n")
                            .collect(Collectors.joining()));
            force(partial);
            long bytes = size(partial);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            force(root);
            latest = target;
            removeOlder();
            return bytes;
        } catch (IOException | ArithmeticException e) {
            try {
                delete(partial);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private void removeOlder() throws IOException {
        for (Path path : list()) {
            if (stepOf(path) >= 0 && !path.equals(latest)) {
                // Under the partial name first: a half-deleted folder must not look like a whole
                // one.
                Path doomed = root.resolve("." + path.getFileName() + PARTIAL);
                Files.move(path, doomed, StandardCopyOption.ATOMIC_MOVE);
                delete(doomed);
            }
        }
    }

    /**
     * Checks a checkpoint's checksums and reads its state.
     *
     * @throws CheckpointException if a file is missing or damaged
     */
    CheckpointState readState(Path checkpoint) {
        try {
            for (String line : Files.readAllLines(checkpoint.resolve(SUMS))) {
                String[] sumAndName = line.split(" {2}", 2);
                Path file = checkpoint.resolve(sumAndName[1]);
                if (!TensorFile.checksum(file).equals(sumAndName[0])) {
                    throw new CheckpointException(
                            "checkpoint is damaged: the checksum of " + file + " is wrong");
                }
            }
            String json = Files.readString(checkpoint.resolve(STATE), StandardCharsets.UTF_8);
            return PartJson.fromJson(json, CheckpointState.class);
        } catch (IOException | RuntimeException e) {
            if (e instanceof CheckpointException known) {
                throw known;
            }
            throw new CheckpointException("cannot read checkpoint " + checkpoint + ": " + e, e);
        }
    }

    /** Fills arrays, by file and name, from a checkpoint whose state was read. */
    void readTensors(
            Path checkpoint, CheckpointState state, Map<String, Map<String, NDArray>> files) {
        Map<String, List<TensorShape>> expected = shapes(files);
        if (!expected.keySet().equals(state.tensors().keySet())) {
            throw new CheckpointException(
                    "checkpoint %s must hold the files %s, got %s"
                            .formatted(checkpoint, expected.keySet(), state.tensors().keySet()));
        }
        expected.forEach(
                (file, shapes) ->
                        requireSame(checkpoint.resolve(file), shapes, state.tensors().get(file)));
        try {
            for (Map.Entry<String, Map<String, NDArray>> file : files.entrySet()) {
                TensorFile.read(checkpoint.resolve(file.getKey()), file.getValue().values());
            }
        } catch (IOException e) {
            throw new CheckpointException("cannot read checkpoint " + checkpoint, e);
        }
    }

    private static void requireSame(Path file, List<TensorShape> model, List<TensorShape> saved) {
        for (int i = 0; i < Math.max(model.size(), saved.size()); i++) {
            TensorShape wanted = i < model.size() ? model.get(i) : null;
            TensorShape found = i < saved.size() ? saved.get(i) : null;
            if (wanted == null || !wanted.equals(found)) {
                throw new CheckpointException(
                        "checkpoint is of another model: %s holds %s where the model has %s"
                                .formatted(file, found, wanted));
            }
        }
    }

    /** The names and shapes of arrays by file. */
    static Map<String, List<TensorShape>> shapes(Map<String, Map<String, NDArray>> files) {
        Map<String, List<TensorShape>> shapes = new LinkedHashMap<>();
        files.forEach(
                (file, arrays) ->
                        shapes.put(
                                file,
                                arrays.entrySet().stream()
                                        .map(e -> shape(e.getKey(), e.getValue()))
                                        .toList()));
        return shapes;
    }

    private static TensorShape shape(String name, NDArray array) {
        return new TensorShape(name, LongStream.of(array.getShape().getShape()).boxed().toList());
    }

    private static long size(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            Utils.deleteQuietly(path);
            if (Files.exists(path)) {
                throw new IOException("cannot delete " + path);
            }
        }
    }

    // Makes a folder's entries durable. Systems that cannot open a folder need no such step.
    private static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The entries are there; only their survival of a power cut is less certain.
            return;
        }
    }
}
