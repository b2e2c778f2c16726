package org.jzoo.training.report;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Writes scalars, images and text for TensorBoard: {@code tensorboard --logdir FOLDER} shows them.
 *
 * <p>The file is a sequence of TFRecords, each {@code length (8 bytes), masked CRC32C of the
 * length, data, masked CRC32C of the data}, little-endian; the data is an {@code Event} message.
 * Each record is handed to the operating system as a whole.
 */
public final class TensorBoardEvents implements AutoCloseable {

    // Field numbers of TensorFlow's event.proto, summary.proto and tensor.proto.
    private static final int EVENT_WALL_TIME = 1;
    private static final int EVENT_STEP = 2;
    private static final int EVENT_FILE_VERSION = 3;
    private static final int EVENT_SUMMARY = 5;
    private static final int EVENT_SESSION_LOG = 7;
    private static final int SESSION_STATUS = 1;
    private static final int SESSION_START = 1;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;
    private static final int VALUE_IMAGE = 4;
    private static final int VALUE_TENSOR = 8;
    private static final int VALUE_METADATA = 9;
    private static final int METADATA_PLUGIN = 1;
    private static final int PLUGIN_NAME = 1;
    private static final int IMAGE_HEIGHT = 1;
    private static final int IMAGE_WIDTH = 2;
    private static final int IMAGE_COLORSPACE = 3;
    private static final int IMAGE_ENCODED = 4;
    private static final int TENSOR_TYPE = 1;
    private static final int TENSOR_SHAPE = 2;
    private static final int TENSOR_STRING = 8;
    private static final int TYPE_STRING = 7;
    private static final int SHAPE_DIMENSION = 2;
    private static final int DIMENSION_SIZE = 1;

    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};

    private final OutputStream stream; // not a channel: those close when a thread is interrupted
    private final Clock clock;

    /** Begins an event file in {@code folder}, which is created if it is missing. */
    public TensorBoardEvents(Path folder) throws IOException {
        this(folder, Clock.systemUTC());
    }

    TensorBoardEvents(Path folder, Clock clock) throws IOException {
        this.clock = clock;
        Files.createDirectories(folder);
        String name =
                "events.out.tfevents.%d.%s.%s"
                        .formatted(clock.instant().getEpochSecond(), host(), UUID.randomUUID());
        stream = new FileOutputStream(folder.resolve(name).toFile());
        write(event().text(EVENT_FILE_VERSION, "brain.Event:2"));
    }

    /**
     * Begins another event file for a run that goes on after {@code step} steps. TensorBoard then
     * drops what an earlier file of the folder has for later steps.
     */
    public static TensorBoardEvents resume(Path folder, long step) throws IOException {
        TensorBoardEvents events = new TensorBoardEvents(folder);
        ProtoMessage start = new ProtoMessage().integer(SESSION_STATUS, SESSION_START);
        events.write(
                events.event().integer(EVENT_STEP, step + 1).message(EVENT_SESSION_LOG, start));
        return events;
    }

    /** Adds a point to the curve {@code tag}; a slash in the tag groups curves. */
    public void scalar(String tag, long step, double value) throws IOException {
        summary(step, value(tag).number(VALUE_SIMPLE, (float) value));
    }

    /** Adds every value of {@code event} to the curve {@code phase/name}. */
    public void scalars(RunEvent event) throws IOException {
        for (String name : event.values().keySet()) {
            scalar(event.phase() + "/" + name, event.step(), event.value(name));
        }
    }

    /**
     * Adds a picture.
     *
     * @param png the content of a PNG file
     * @throws IllegalArgumentException if it does not begin as a PNG file does
     */
    public void image(String tag, long step, byte[] png) throws IOException {
        if (png.length < 24 || !Arrays.equals(png, 0, 8, PNG_SIGNATURE, 0, 8)) {
            throw new IllegalArgumentException(
                    "png must begin with the PNG signature and header, got length=" + png.length);
        }
        ByteBuffer header = ByteBuffer.wrap(png, 16, 8); // width and height, big-endian
        int width = header.getInt();
        int height = header.getInt();
        ProtoMessage image =
                new ProtoMessage()
                        .integer(IMAGE_HEIGHT, height)
                        .integer(IMAGE_WIDTH, width)
                        .integer(IMAGE_COLORSPACE, 3)
                        .bytes(IMAGE_ENCODED, png);
        summary(step, value(tag).message(VALUE_IMAGE, image));
    }

    /** Adds a text, which TensorBoard shows as Markdown. */
    public void text(String tag, long step, String markdown) throws IOException {
        ProtoMessage plugin = new ProtoMessage().text(PLUGIN_NAME, "text");
        ProtoMessage one = new ProtoMessage().integer(DIMENSION_SIZE, 1);
        ProtoMessage tensor =
                new ProtoMessage()
                        .integer(TENSOR_TYPE, TYPE_STRING)
                        .message(TENSOR_SHAPE, new ProtoMessage().message(SHAPE_DIMENSION, one))
                        .text(TENSOR_STRING, markdown);
        summary(
                step,
                value(tag)
                        .message(
                                VALUE_METADATA, new ProtoMessage().message(METADATA_PLUGIN, plugin))
                        .message(VALUE_TENSOR, tensor));
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    private static ProtoMessage value(String tag) {
        return new ProtoMessage().text(VALUE_TAG, tag);
    }

    private ProtoMessage event() {
        return new ProtoMessage().number(EVENT_WALL_TIME, clock.millis() / 1e3);
    }

    private void summary(long step, ProtoMessage value) throws IOException {
        ProtoMessage summary = new ProtoMessage().message(SUMMARY_VALUE, value);
        write(event().integer(EVENT_STEP, step).message(EVENT_SUMMARY, summary));
    }

    private synchronized void write(ProtoMessage event) throws IOException {
        byte[] data = event.toBytes();
        ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(maskedCrc(Arrays.copyOf(record.array(), Long.BYTES)));
        record.put(data).putInt(maskedCrc(data));
        stream.write(record.array());
    }

    /**
     * CRC32C rotated and shifted, as TFRecord stores it: a CRC of data with CRCs inside is weak.
     */
    static int maskedCrc(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xA282EAD8;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9.-]", "-");
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
