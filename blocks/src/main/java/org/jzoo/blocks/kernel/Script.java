package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * One TorchScript module: the functions of a resource file, loaded once for the process.
 *
 * <p>A resource holds {@code def name(self, x: Tensor, …) -> Tensor:} functions at top level. A
 * module has no state, so one serves every device and thread. Arguments may be {@link NDArray},
 * {@link Integer}, {@link Long}, {@link Float}, {@link Double}, {@link Boolean}, null (None),
 * {@code double[]} (List[float]), {@code NDArray[]} or {@link NDList} (List[Tensor]), and {@link
 * Held} (whatever a function made).
 */
final class Script {

    // Archive version 10: version 3 would switch on legacy operators with other semantics.
    private static final String ARCHIVE_VERSION = "10\n";

    // The reader of archives knows no torch.float32: it wants PyTorch's scalar type numbers.
    private static final Map<String, String> SCALAR_TYPES =
            Map.of(
                    "torch.float32", "6",
                    "torch.float64", "7",
                    "torch.bfloat16", "15",
                    "torch.float16", "5",
                    "torch.int64", "4",
                    "torch.int32", "3",
                    "torch.uint8", "0",
                    "torch.int16", "2",
                    "torch.int8", "1",
                    "torch.bool", "11");
    private static final String HEADER =
            """
            class Ops(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def forward(self, x: Tensor) -> Tensor:
                return x
              def none(self) -> Optional[Tensor]:
                return None
            """;

    private final String name;
    private final PtSymbolBlock module;
    private final long handle;
    private final long none;

    private Script(String name, String source) {
        this.name = name;
        PyTorch.prepareThread();
        this.module =
                Native.loadModule(
                        PyTorch.newPtManager(), archive(HEADER + numbered(source).indent(2)));
        this.handle = module.getHandle();
        this.none = Native.run(handle, "none", new long[0]);
    }

    /** Loads the resource {@code name} that lies beside this class. */
    static Script load(String name) {
        return new Script(name, read(name));
    }

    /**
     * Loads several resources as one module.
     *
     * @param names resources that lie beside this class; the last one names the module in errors
     * @param types written in the sources as their keys, and read by PyTorch as their values
     */
    static Script load(List<String> names, Map<String, String> types) {
        StringBuilder source = new StringBuilder();
        for (String name : names) {
            source.append(read(name)).append('\n');
        }
        String result = source.toString();
        for (Map.Entry<String, String> type : types.entrySet()) {
            result = result.replace(type.getKey(), type.getValue());
        }
        return new Script(names.get(names.size() - 1), result);
    }

    private static String read(String name) {
        PyTorch.engine();
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no script resource named " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a function that returns one tensor.
     *
     * @return the result, attached to the manager of the first array among the arguments
     */
    NDArray call(String function, Object... arguments) {
        long result = run(function, arguments);
        try {
            return Native.toTensor(manager(arguments), result);
        } finally {
            Native.delete(result);
        }
    }

    /** Runs a function that returns a list of tensors; see {@link #call}. */
    NDArray[] callList(String function, Object... arguments) {
        long result = run(function, arguments);
        try {
            return Native.toTensors(manager(arguments), result);
        } finally {
            Native.delete(result);
        }
    }

    /** Runs a function and keeps what it returns, of any type, inside the engine. */
    Held hold(String function, Object... arguments) {
        return new Held(run(function, arguments));
    }

    /** A value of the engine that serves as an argument of many calls, until it is closed. */
    static final class Held implements AutoCloseable {

        private long handle;

        private Held(long handle) {
            this.handle = handle;
        }

        @Override
        public void close() {
            if (handle != 0) {
                Native.delete(handle);
                handle = 0;
            }
        }
    }

    private long run(String function, Object... arguments) {
        PyTorch.prepareThread();
        long[] handles = new long[arguments.length];
        try {
            for (int i = 0; i < handles.length; i++) {
                handles[i] = handle(arguments[i]);
            }
            return Native.run(handle, function, handles);
        } catch (ai.djl.engine.EngineException e) {
            throw new ai.djl.engine.EngineException(
                    "kernel " + name + "." + function + ": " + e.getMessage(), e);
        } finally {
            for (int i = 0; i < handles.length; i++) {
                if (handles[i] != 0 && handles[i] != none && !(arguments[i] instanceof Held)) {
                    Native.delete(handles[i]);
                }
            }
        }
    }

    private long handle(Object argument) {
        if (argument == null) {
            return none;
        }
        if (argument instanceof Held held) {
            return held.handle;
        }
        if (argument instanceof NDArray array) {
            return Native.fromTensor(array);
        }
        if (argument instanceof Integer value) {
            return Native.fromLong(value);
        }
        if (argument instanceof Long value) {
            return Native.fromLong(value);
        }
        if (argument instanceof Boolean value) {
            return Native.fromBoolean(value);
        }
        if (argument instanceof Number value) {
            return Native.fromDouble(value.doubleValue());
        }
        if (argument instanceof double[] values) {
            return Native.fromDoubles(values);
        }
        if (argument instanceof NDArray[] arrays) {
            return Native.fromTensors(arrays);
        }
        if (argument instanceof NDList list) {
            return Native.fromTensors(list.toArray(new NDArray[0]));
        }
        throw new IllegalArgumentException("no TorchScript type for " + argument.getClass());
    }

    private static String numbered(String source) {
        String result = source;
        for (Map.Entry<String, String> type : SCALAR_TYPES.entrySet()) {
            result = result.replace(type.getKey(), type.getValue());
        }
        return result;
    }

    private static PtNDManager manager(Object... arguments) {
        for (Object argument : arguments) {
            NDManager manager = null;
            if (argument instanceof NDArray array) {
                manager = array.getManager();
            } else if (argument instanceof NDArray[] arrays && arrays.length > 0) {
                manager = arrays[0].getManager();
            } else if (argument instanceof NDList list && !list.isEmpty()) {
                manager = list.get(0).getManager();
            }
            if (manager != null) {
                return (PtNDManager) manager;
            }
        }
        throw new IllegalArgumentException("a kernel needs at least one array argument");
    }

    private static byte[] archive(String source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "data.pkl", pickledModule());
            store(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            store(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "version", ARCHIVE_VERSION.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    // The pickle of an Ops object whose only attribute is training = True.
    private static byte[] pickledModule() throws IOException {
        ByteArrayOutputStream p = new ByteArrayOutputStream();
        p.write(new byte[] {(byte) 0x80, 2});
        p.write("c__torch__\nOps\n".getBytes(StandardCharsets.US_ASCII));
        p.write(new byte[] {'q', 0, ')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
        p.write("training".getBytes(StandardCharsets.US_ASCII));
        p.write(new byte[] {'q', 1, (byte) 0x88, 'u', 'b', '.'});
        return p.toByteArray();
    }

    // PyTorch maps the members, so that they must be stored uncompressed.
    private static void store(ZipOutputStream zip, String member, byte[] content)
            throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry("ops/" + member);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
