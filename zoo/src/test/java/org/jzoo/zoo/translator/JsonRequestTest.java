package org.jzoo.zoo.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.modality.Input;
import ai.djl.translate.TranslateException;
import java.awt.Color;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.jzoo.zoo.testing.TinyImages;

class JsonRequestTest {

    private static JsonRequest request(String body) throws TranslateException {
        Input input = new Input();
        input.add("data", body);
        return JsonRequest.of(input, "request must be {…}");
    }

    private static void assertRefused(String message, Executable reading) {
        assertEquals(message, assertThrows(TranslateException.class, reading).getMessage());
    }

    @Test
    void textsAndPicturesAreReadAndWhatIsNullIsLeftOut() throws Exception {
        String picture =
                Base64.getEncoder()
                        .encodeToString(TinyImages.png(TinyImages.picture(3, 2, Color.RED)));
        JsonRequest request =
                request(
                        "{\"image\": \"%s\", \"a\": \"x\", \"b\": null, \"c\": [\"y\", \"z\"]}"
                                .formatted(picture));
        assertEquals(3, request.picture("image").getWidth());
        assertNull(request.picture("b"));
        assertNull(request.picture("none"));
        assertEquals("x", request.text("a"));
        assertNull(request.text("b"));
        assertEquals(List.of("y", "z"), request.texts("c"));
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        assertRefused(
                "request must have a body, got none",
                () -> JsonRequest.of(new Input(), "request must be {…}"));
        assertRefused("request must be {…}, got no object", () -> request("[1]"));
        assertTrue(
                assertThrows(TranslateException.class, () -> request("{\"a\""))
                        .getMessage()
                        .startsWith("request must be {…}, got no JSON: "));
        JsonRequest request =
                request("{\"a\": 1, \"b\": {}, \"c\": [null], \"d\": \"no picture\", \"e\": null}");
        assertRefused("request must be {…}, got a of another kind", () -> request.text("a"));
        assertRefused("request must be {…}, got b of another kind", () -> request.picture("b"));
        assertRefused("request must be {…}, got c of another kind", () -> request.texts("c"));
        assertRefused("request must be {…}, got e of another kind", () -> request.texts("e"));
        assertRefused("request must be {…}, got no f", () -> request.texts("f"));
        assertRefused(
                "d must be base64, got: Illegal base64 character 20", () -> request.picture("d"));
    }
}
