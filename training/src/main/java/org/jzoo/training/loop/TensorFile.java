package org.jzoo.training.loop;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.PyTorch;

/** Float32 arrays one after the other, little-endian, bit by bit, without any header. */
final class TensorFile {

    private static final int CHUNK = 1 << 20;

    private TensorFile() {}

    /**
     * Writes a new file and forces it to the disk.
     *
     * @return the SHA-256 of its content
     * @throws ArithmeticException if a number is not finite
     */
    static String write(Path file, Collection<NDArray> arrays) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (NDArray array : arrays) {
                float[] numbers = array.toFloatArray();
                requireFinite(numbers);
                FloatBuffer values = FloatBuffer.wrap(numbers);
                while (values.hasRemaining()) {
                    chunk.clear();
                    FloatBuffer target = chunk.asFloatBuffer();
                    int count = Math.min(target.remaining(), values.remaining());
                    target.put(values.slice(values.position(), count));
                    values.position(values.position() + count);
                    chunk.limit(count * Float.BYTES);
                    digest.update(chunk.duplicate());
                    while (chunk.hasRemaining()) {
                        channel.write(chunk);
                    }
                }
            }
            channel.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void requireFinite(float[] numbers) {
        for (float number : numbers) {
            if (!Float.isFinite(number)) {
                throw new ArithmeticException(Float.toString(number));
            }
        }
    }

    /** Fills arrays from a file whose checksum was found right. */
    static void read(Path file, Collection<NDArray> arrays) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                GradientMode off = GradientMode.off()) {
            for (NDArray array : arrays) {
                int bytes = Math.toIntExact(array.getShape().size() * Float.BYTES);
                ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
                while (buffer.hasRemaining()) {
                    if (channel.read(buffer) < 0) {
                        throw new EOFException(file + " is too short");
                    }
                }
                buffer.flip();
                // From the CPU, to wherever the target lies.
                try (NDManager scope = PyTorch.engine().newBaseManager(Device.cpu())) {
                    NDArray source =
                            scope.create(
                                    buffer.asFloatBuffer(), array.getShape(), DataType.FLOAT32);
                    OptimizerKernel.copy(new NDArray[] {source}, new NDArray[] {array});
                }
            }
        }
    }

    /** The SHA-256 of a file's content. */
    static String checksum(Path file) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(chunk.clear()) >= 0) {
                digest.update(chunk.flip());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Writes a small new text file and forces it to the disk; see {@link #write}. */
    static String writeText(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
        return checksum(file);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
