package org.jzoo.training.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardEventsTest {

    /** A PNG of 3 × 2 pixels. */
    private static final byte[] PNG =
            Base64.getDecoder()
                    .decode(
                            "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAC0lEQVR4nGNgQAcAABIAAbQJcbsA"
                                + "AAAASUVORK5CYII=");

    @TempDir Path folder;

    /** Check value of CRC-32C for "123456789" is E3069283; rotated by 15 and shifted by hand. */
    @Test
    void theCrcIsTheMaskedCastagnoliOne() {
        int crc = 0xE3069283;
        int masked = ((crc >>> 15) | (crc << 17)) + 0xA282EAD8;
        assertEquals(
                masked,
                TensorBoardEvents.maskedCrc("123456789".getBytes(StandardCharsets.US_ASCII)));
    }

    /** By hand: wall time 0, step 1, tag "a", value 2. */
    @Test
    void aScalarHasTheBytesOfTheFormat() throws IOException {
        Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        try (TensorBoardEvents events = new TensorBoardEvents(folder, clock)) {
            events.scalar("a", 1, 2.0);
        }
        byte[] expected = {
            0x09,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0, // field 1, fixed64: wall time
            0x10,
            1, // field 2, varint: step
            0x2A,
            10, // field 5, bytes: summary
            0x0A,
            8, // field 1, bytes: value
            0x0A,
            1,
            'a', // field 1, bytes: tag
            0x15,
            0,
            0,
            0,
            0x40 // field 2, fixed32: 2.0f
        };
        assertArrayEquals(expected, records(folder).get(1));
    }

    @Test
    void theFileBeginsWithItsVersion() throws IOException {
        try (TensorBoardEvents events = new TensorBoardEvents(folder)) {
            Map<Integer, Object> first = fields(records(folder).get(0));
            assertEquals("brain.Event:2", text(first.get(3)));
            double seconds = Double.longBitsToDouble((Long) first.get(1));
            assertEquals(System.currentTimeMillis() / 1e3, seconds, 60);
            events.scalar("later", 1, 1);
            assertEquals(2, records(folder).size()); // on disk before close
        }
    }

    @Test
    void scalarsOfAnEventCarryPhaseStepAndValue() throws IOException {
        try (TensorBoardEvents events = new TensorBoardEvents(folder)) {
            events.scalars(RunEvent.train(300, 1.5, 0.25, 1e-4, Double.NaN));
        }
        Map<String, Float> curves = new LinkedHashMap<>();
        for (byte[] record : records(folder).subList(1, 4)) {
            Map<Integer, Object> event = fields(record);
            assertEquals(300L, event.get(2));
            Map<Integer, Object> value = fields(fields(event.get(5)).get(1));
            curves.put(text(value.get(1)), Float.intBitsToFloat((Integer) value.get(2)));
        }
        assertEquals(
                Map.of(
                        "train/loss",
                        0.25f,
                        "train/learningRate",
                        1e-4f,
                        "train/gradientNorm",
                        Float.NaN),
                curves);
    }

    @Test
    void anImageCarriesItsSizeAndBytes() throws IOException {
        try (TensorBoardEvents events = new TensorBoardEvents(folder)) {
            events.image("confusion", 9, PNG);
        }
        Map<Integer, Object> value = value(1);
        assertEquals("confusion", text(value.get(1)));
        Map<Integer, Object> image = fields(value.get(4));
        assertEquals(2L, image.get(1));
        assertEquals(3L, image.get(2));
        assertArrayEquals(PNG, (byte[]) image.get(4));
    }

    @Test
    void aTextIsAStringTensorOfTheTextPlugin() throws IOException {
        try (TensorBoardEvents events = new TensorBoardEvents(folder)) {
            events.text("card", 2, "**größer** als");
        }
        Map<Integer, Object> value = value(1);
        assertEquals("text", text(fields(fields(value.get(9)).get(1)).get(1)));
        Map<Integer, Object> tensor = fields(value.get(8));
        assertEquals(7L, tensor.get(1));
        assertEquals(1L, fields(fields(tensor.get(2)).get(2)).get(1));
        assertEquals("**größer** als", text(tensor.get(8)));
    }

    @Test
    void aResumedRunTellsWhereItGoesOn() throws IOException {
        TensorBoardEvents.resume(folder, 41).close();
        Map<Integer, Object> event = fields(records(folder).get(1));
        assertEquals(42L, event.get(2));
        assertEquals(1L, fields(event.get(7)).get(1));
    }

    @Test
    void whatIsNoPngIsRefused() throws IOException {
        try (TensorBoardEvents events = new TensorBoardEvents(folder)) {
            var error =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> events.image("x", 1, new byte[30]));
            assertEquals(
                    "png must begin with the PNG signature and header, got length=30",
                    error.getMessage());
        }
    }

    private Map<Integer, Object> value(int record) throws IOException {
        return fields(fields(fields(records(folder).get(record)).get(5)).get(1));
    }

    /** Reads the TFRecords of the only file and verifies both checksums of each. */
    private static List<byte[]> records(Path folder) throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.toList().get(0);
        }
        assertTrue(file.getFileName().toString().startsWith("events.out.tfevents."));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = new byte[8];
            bytes.get(length);
            assertEquals(TensorBoardEvents.maskedCrc(length), bytes.getInt());
            byte[] data =
                    new byte
                            [Math.toIntExact(
                                    ByteBuffer.wrap(length)
                                            .order(ByteOrder.LITTLE_ENDIAN)
                                            .getLong())];
            bytes.get(data);
            assertEquals(TensorBoardEvents.maskedCrc(data), bytes.getInt());
            records.add(data);
        }
        return records;
    }

    /** The fields of a message: Long for varint and fixed64, Integer for fixed32, else bytes. */
    private static Map<Integer, Object> fields(Object message) {
        ByteBuffer bytes = ByteBuffer.wrap((byte[]) message).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, Object> fields = new LinkedHashMap<>();
        while (bytes.hasRemaining()) {
            long tag = varint(bytes);
            Object value =
                    switch ((int) tag & 7) {
                        case 0 -> varint(bytes);
                        case 1 -> bytes.getLong();
                        case 5 -> bytes.getInt();
                        case 2 -> {
                            byte[] content = new byte[(int) varint(bytes)];
                            bytes.get(content);
                            yield content;
                        }
                        default -> throw new AssertionError("wire type of tag " + tag);
                    };
            fields.put((int) (tag >>> 3), value);
        }
        return fields;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
