package org.jzoo.datasets.mail;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes HTML plain text: what a reader sees, one line a block. */
final class PlainHtml {

    private static final Pattern UNSEEN =
            Pattern.compile("(?is)<!--.*?(?:-->|$)|<(script|style|title)\\b.*?(?:</\\1\\s*>|$)");
    private static final Pattern BREAK =
            Pattern.compile("(?i)</?(?:p|br|div|tr|li|ul|ol|h[1-6]|table|hr|blockquote)\\b[^>]*>");
    private static final Pattern CELL = Pattern.compile("(?i)</?t[dh]\\b[^>]*>");
    private static final Pattern TAG = Pattern.compile("(?s)</?[a-zA-Z!?][^>]*(?:>|$)");
    private static final Pattern ENTITY = Pattern.compile("&(#?\\w{1,8});?");
    private static final Map<String, String> ENTITIES =
            Map.ofEntries(
                    Map.entry("amp", "&"),
                    Map.entry("lt", "<"),
                    Map.entry("gt", ">"),
                    Map.entry("quot", "\""),
                    Map.entry("apos", "'"),
                    Map.entry("nbsp", " "),
                    Map.entry("copy", "\u00a9"),
                    Map.entry("reg", "\u00ae"),
                    Map.entry("trade", "\u2122"),
                    Map.entry("bull", "\u2022"),
                    Map.entry("middot", "\u00b7"),
                    Map.entry("ndash", "\u2013"),
                    Map.entry("mdash", "\u2014"),
                    Map.entry("lsquo", "\u2018"),
                    Map.entry("rsquo", "\u2019"),
                    Map.entry("ldquo", "\u201c"),
                    Map.entry("rdquo", "\u201d"),
                    Map.entry("hellip", "\u2026"),
                    Map.entry("pound", "\u00a3"),
                    Map.entry("euro", "\u20ac"),
                    Map.entry("cent", "\u00a2"),
                    Map.entry("eacute", "\u00e9"));

    private PlainHtml() {}

    static String text(String html) {
        String text = UNSEEN.matcher(html).replaceAll(" ");
        text = text.replaceAll("\\s+", " ");
        text = BREAK.matcher(text).replaceAll("\n");
        text = CELL.matcher(text).replaceAll(" ");
        text = TAG.matcher(text).replaceAll("");
        text = ENTITY.matcher(text).replaceAll(m -> Matcher.quoteReplacement(entity(m)));
        return text.replaceAll("[ \\u00a0]+", " ").replaceAll(" ?\\n[ \\n]*", "\n").strip();
    }

    private static String entity(java.util.regex.MatchResult match) {
        String name = match.group(1);
        if (name.startsWith("#")) {
            try {
                boolean hex = name.startsWith("#x") || name.startsWith("#X");
                int code = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
                // 0x80 to 0x9F are control characters that mails mean as windows-1252.
                return Character.isValidCodePoint(code)
                                && code >= 0x20
                                && (code < 0x80 || code > 0x9f)
                        ? Character.toString(code)
                        : " ";
            } catch (NumberFormatException e) {
                return match.group();
            }
        }
        return ENTITIES.getOrDefault(name, match.group());
    }
}
