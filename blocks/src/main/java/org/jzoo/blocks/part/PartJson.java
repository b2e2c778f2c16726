package org.jzoo.blocks.part;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Configurations as JSON: records field by field, options by their registered type name. Reading is
 * strict: a key that a record does not know, a missing key of a primitive component and a value
 * that a record's constructor rejects are errors that name them.
 */
public final class PartJson {

    private static final String TYPE = "type";

    private static final Gson GSON =
            new GsonBuilder()
                    .registerTypeAdapterFactory(new OptionFactory())
                    .registerTypeAdapterFactory(new RecordFactory())
                    .disableHtmlEscaping()
                    .setPrettyPrinting()
                    .create();

    private PartJson() {}

    /** Writes a configuration record. */
    public static String toJson(Object config) {
        return GSON.toJson(config);
    }

    /** Writes a configuration record as a tree. */
    public static JsonObject toTree(Object config) {
        return GSON.toJsonTree(config).getAsJsonObject();
    }

    /**
     * Reads a configuration record.
     *
     * @throws IllegalArgumentException if the text is no such configuration; the message says why
     */
    public static <C> C fromJson(String json, Class<C> type) {
        try {
            C config = GSON.fromJson(json, type);
            if (config == null) {
                throw new JsonParseException("nothing is there");
            }
            return config;
        } catch (JsonParseException e) {
            throw new IllegalArgumentException(
                    "not a %s: %s".formatted(type.getSimpleName(), rootMessage(e)), e);
        }
    }

    /** As {@link #fromJson(String, Class)}, from a tree. */
    public static <C> C fromJson(JsonElement json, Class<C> type) {
        return fromJson(json.toString(), type);
    }

    private static String rootMessage(Throwable t) {
        Throwable root = t;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    private static JsonObject object(String what, JsonElement tree) {
        if (tree instanceof JsonObject object) {
            return object;
        }
        throw new JsonParseException("%s must be an object, got %s".formatted(what, tree));
    }

    /** Options: the type name selects the record. */
    private static final class OptionFactory implements TypeAdapterFactory {
        @Override
        public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
            if (!Option.class.isAssignableFrom(token.getRawType())) {
                return null;
            }
            TypeAdapter<JsonElement> trees = gson.getAdapter(JsonElement.class);
            return new TypeAdapter<>() {
                @Override
                public void write(JsonWriter out, T value) throws IOException {
                    if (value == null) {
                        out.nullValue();
                        return;
                    }
                    JsonObject typed = new JsonObject();
                    typed.addProperty(TYPE, PartRegistry.nameOf(value.getClass()));
                    record(gson, value.getClass())
                            .toTree(value)
                            .entrySet()
                            .forEach(e -> typed.add(e.getKey(), e.getValue()));
                    trees.write(out, typed);
                }

                @Override
                @SuppressWarnings("unchecked")
                public T read(JsonReader in) throws IOException {
                    JsonElement tree = trees.read(in);
                    if (tree == null || tree instanceof JsonNull) {
                        return null;
                    }
                    JsonObject fields = object("an option", tree).deepCopy();
                    JsonElement name = fields.remove(TYPE);
                    if (!(name instanceof JsonPrimitive text) || !text.isString()) {
                        throw new JsonParseException("an option must have a \"type\", got " + tree);
                    }
                    Class<? extends Option> type = PartRegistry.typeOf(name.getAsString());
                    if (!token.getRawType().isAssignableFrom(type)) {
                        throw new JsonParseException(
                                "type must be a %s, got type=%s"
                                        .formatted(
                                                token.getRawType().getSimpleName(),
                                                name.getAsString()));
                    }
                    return (T) record(gson, type).fromTree(fields);
                }
            };
        }

        private static <R> RecordAdapter<R> record(Gson gson, Class<R> type) {
            return new RecordAdapter<>(gson, type);
        }
    }

    /** Records: strict about keys. */
    private static final class RecordFactory implements TypeAdapterFactory {
        @Override
        @SuppressWarnings("unchecked")
        public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
            Class<? super T> raw = token.getRawType();
            if (!raw.isRecord() || Option.class.isAssignableFrom(raw)) {
                return null;
            }
            TypeAdapter<JsonElement> trees = gson.getAdapter(JsonElement.class);
            RecordAdapter<T> adapter = new RecordAdapter<>(gson, (Class<T>) raw);
            return new TypeAdapter<>() {
                @Override
                public void write(JsonWriter out, T value) throws IOException {
                    trees.write(out, value == null ? JsonNull.INSTANCE : adapter.toTree(value));
                }

                @Override
                public T read(JsonReader in) throws IOException {
                    JsonElement tree = trees.read(in);
                    return tree == null || tree instanceof JsonNull
                            ? null
                            : adapter.fromTree(object(raw.getSimpleName(), tree));
                }
            };
        }
    }

    // Gson cuts fractions off, takes text for numbers and anything for false.
    private static void requireKind(RecordComponent component, JsonElement field) {
        Class<?> type = component.getType();
        JsonPrimitive value = field instanceof JsonPrimitive primitive ? primitive : null;
        if (type == boolean.class && (value == null || !value.isBoolean())) {
            throw wrongKind("true or false", component, field);
        }
        if ((type == int.class || type == long.class)
                && (value == null
                        || !value.isNumber()
                        || value.getAsDouble() != Math.rint(value.getAsDouble()))) {
            throw wrongKind("an integer", component, field);
        }
        if (type == double.class && (value == null || !value.isNumber())) {
            throw wrongKind("a number", component, field);
        }
        if (type.isEnum()
                && value != null
                && Arrays.stream(type.getEnumConstants())
                        .noneMatch(c -> c.toString().equals(value.getAsString()))) {
            throw wrongKind("one of " + Arrays.toString(type.getEnumConstants()), component, field);
        }
    }

    private static JsonParseException wrongKind(
            String wanted, RecordComponent component, JsonElement field) {
        String name = component.getName();
        return new JsonParseException(
                "%s must be %s, got %s=%s".formatted(name, wanted, name, field));
    }

    /** Reads and writes one record class through its components and canonical constructor. */
    private record RecordAdapter<R>(Gson gson, Class<R> type) {

        JsonObject toTree(Object value) {
            JsonObject tree = new JsonObject();
            for (RecordComponent component : type.getRecordComponents()) {
                try {
                    Method accessor = component.getAccessor();
                    accessor.setAccessible(true); // A record may be private to its package.
                    Object field = accessor.invoke(value);
                    if (field != null) {
                        tree.add(
                                component.getName(),
                                gson.toJsonTree(field, component.getGenericType()));
                    }
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
            return tree;
        }

        R fromTree(JsonObject tree) {
            RecordComponent[] components = type.getRecordComponents();
            List<String> names = new ArrayList<>();
            Object[] values = new Object[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                RecordComponent component = components[i];
                names.add(component.getName());
                types[i] = component.getType();
                JsonElement field = tree.get(component.getName());
                if (field == null && types[i].isPrimitive()) {
                    throw new JsonParseException(
                            "%s must have a \"%s\", got %s"
                                    .formatted(type.getSimpleName(), component.getName(), tree));
                }
                requireKind(component, field);
                values[i] = field == null ? null : gson.fromJson(field, component.getGenericType());
            }
            for (String key : tree.keySet()) {
                if (!names.contains(key)) {
                    throw new JsonParseException(
                            "%s must have the keys %s only, got \"%s\""
                                    .formatted(type.getSimpleName(), names, key));
                }
            }
            try {
                Constructor<R> constructor = type.getDeclaredConstructor(types);
                constructor.setAccessible(true);
                return constructor.newInstance(values);
            } catch (java.lang.reflect.InvocationTargetException e) {
                throw new JsonParseException(e.getCause().getMessage(), e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
