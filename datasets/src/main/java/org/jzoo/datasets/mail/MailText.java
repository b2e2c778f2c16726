package org.jzoo.datasets.mail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words that the writer of a mail meant to be read: headers gone, MIME parts chosen and
 * decoded, HTML made plain, addresses and links masked.
 */
public final class MailText {

    private static final Charset FALLBACK = Charset.forName("windows-1252");
    private static final int MAX_DEPTH = 8;
    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*([\\w-]+)\\s*=\\s*(?:\"([^\"]*)\"|([^;\\s]+))");
    private static final Pattern LOOKS_LIKE_HTML =
            Pattern.compile("(?i)<(html|body|table|font|br|center|div)\\b");
    private static final Pattern LINK =
            Pattern.compile("(?i)(?:(?:https?|ftp)://|\\bwww\\.)[^\\s<>\"]+|\\bmailto:\\S+");
    private static final Pattern ADDRESS =
            Pattern.compile("[\\w.!#$%&'*+/=?^`{|}~-]+@[\\w-]+(?:\\.[\\w-]+)*");
    private static final Pattern LONG_NUMBER =
            Pattern.compile("\\+?\\(?\\d+(?:[ ().-]{1,2}\\d{2,}){2,}|\\d{6,}");
    private static final Pattern SIGNATURE = Pattern.compile("(?m)^--[ \\t]*$");

    private MailText() {}

    /**
     * The body of a mail as plain text.
     *
     * <p>Of alternatives the plain one is taken, unless it is blank. Text in no known character set
     * is read as UTF-8 where it is that, else as windows-1252.
     *
     * @param mail a message as it was sent (RFC 5322), an mbox line {@code From ...} allowed
     */
    public static String body(byte[] mail) {
        return part(new String(mail, StandardCharsets.ISO_8859_1), 0).strip();
    }

    /**
     * Masks what identifies people and machines rather than says something: mail addresses become
     * {@code [address]}, links {@code [link]}, numbers of six or more digits {@code [number]}. Cuts
     * the signature after a line of two hyphens, and takes out superfluous white space.
     */
    public static String clean(String body) {
        String text = body.replace("\r\n", "\n").replace('\r', '\n').replace('\u00a0', ' ');
        Matcher signature = SIGNATURE.matcher(text);
        if (signature.find() && signature.start() > 0) {
            text = text.substring(0, signature.start());
        }
        text = LINK.matcher(text).replaceAll("[link]");
        text = ADDRESS.matcher(text).replaceAll("[address]");
        text = LONG_NUMBER.matcher(text).replaceAll("[number]");
        return text.replaceAll("[\\p{Cntrl}&&[^\\n]]+", " ")
                .replaceAll(" +", " ")
                .replaceAll(" ?\\n ?", "\n")
                .replaceAll("\\n{3,}", "\n\n")
                .strip();
    }

    // Messages are handled as Latin-1 strings, one char a byte, until a charset is known.
    private static String part(String message, int depth) {
        String text = message.replace("\r\n", "\n");
        if (depth == 0 && text.startsWith("From ")) {
            text = text.substring(text.indexOf('\n') + 1);
        }
        int end = text.startsWith("\n") ? 0 : text.indexOf("\n\n");
        if (end < 0) {
            return "";
        }
        Map<String, String> headers = headers(text.substring(0, end));
        String content = text.substring(Math.min(text.length(), end == 0 ? 1 : end + 2));
        String type = headers.getOrDefault("content-type", "text/plain");
        String kind = type.split("[;\\s]", 2)[0].toLowerCase(Locale.ROOT);
        Map<String, String> parameters = parameters(type);
        if (kind.startsWith("multipart/") && parameters.containsKey("boundary")) {
            return depth == MAX_DEPTH ? "" : multipart(content, kind, parameters, depth);
        }
        if (kind.equals("message/rfc822")) {
            return depth == MAX_DEPTH ? "" : part(content, depth + 1);
        }
        if (!kind.startsWith("text") && kind.contains("/") && !kind.startsWith("multipart/")) {
            return "";
        }
        String decoded =
                decode(
                        bytes(content, headers.getOrDefault("content-transfer-encoding", "")),
                        parameters.get("charset"));
        boolean html = kind.equals("text/html") || LOOKS_LIKE_HTML.matcher(decoded).find();
        return html ? PlainHtml.text(decoded) : decoded;
    }

    private static String multipart(
            String content, String kind, Map<String, String> parameters, int depth) {
        String delimiter = "--" + parameters.get("boundary");
        List<String> texts = new ArrayList<>();
        StringBuilder current = null;
        boolean closed = false;
        for (String line : content.split("\n", -1)) {
            if (line.startsWith(delimiter)) {
                addPart(current, texts, depth);
                current = new StringBuilder();
                closed = line.startsWith(delimiter + "--");
                if (closed) {
                    break;
                }
            } else if (current != null) {
                current.append(line).append('\n');
            }
        }
        if (!closed) {
            addPart(current, texts, depth);
        }
        if (texts.isEmpty()) {
            return "";
        }
        // Alternatives come plainest first.
        return kind.equals("multipart/alternative") ? texts.get(0) : String.join("\n\n", texts);
    }

    private static void addPart(StringBuilder part, List<String> texts, int depth) {
        if (part != null) {
            String text = part(part.toString(), depth + 1).strip();
            if (!text.isEmpty()) {
                texts.add(text);
            }
        }
    }

    private static Map<String, String> headers(String block) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : block.replaceAll("\n[ \t]+", " ").split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private static Map<String, String> parameters(String value) {
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher matcher = PARAMETER.matcher(value);
        while (matcher.find()) {
            parameters.putIfAbsent(
                    matcher.group(1).toLowerCase(Locale.ROOT),
                    matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
        }
        return parameters;
    }

    private static byte[] bytes(String content, String encoding) {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "base64" -> base64(content);
            case "quoted-printable" -> quotedPrintable(content);
            default -> content.getBytes(StandardCharsets.ISO_8859_1);
        };
    }

    private static byte[] base64(String content) {
        // The decoder passes over missing padding, but not over one letter of a group of four.
        String letters = content.replaceAll("[^A-Za-z0-9+/]", "");
        int whole = letters.length() % 4 == 1 ? letters.length() - 1 : letters.length();
        return Base64.getDecoder().decode(letters.substring(0, whole));
    }

    private static byte[] quotedPrintable(String content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length());
        String text = content.replaceAll("=[ \t]*\n", "");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '=' && i + 2 < text.length() ? hex(text.charAt(i + 1)) : -1;
            int low = high >= 0 ? hex(text.charAt(i + 2)) : -1;
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(c);
            }
        }
        return out.toByteArray();
    }

    private static int hex(char digit) {
        return Character.digit(digit, 16);
    }

    private static String decode(byte[] bytes, String charset) {
        if (charset != null) {
            try {
                Charset declared = Charset.forName(charset.strip());
                // Mails declare ASCII and mean whatever their system uses.
                if (!declared.equals(StandardCharsets.US_ASCII)
                        && !declared.equals(StandardCharsets.ISO_8859_1)) {
                    return new String(bytes, declared);
                }
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                // Misspelt in the mail: read as if it said nothing.
            }
        }
        String utf8 = new String(bytes, StandardCharsets.UTF_8);
        return utf8.indexOf('\ufffd') < 0 ? utf8 : new String(bytes, FALLBACK);
    }
}
