package org.jzoo.examples.arena;

import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;
import org.jzoo.datasets.longtext.ListOps;
import org.jzoo.datasets.text.Encoded;
import org.jzoo.datasets.text.TextEncoding;

/** Digits, operators and closing brackets as tokens, from 1; padding is 0. */
final class ListOpsEncoding implements TextEncoding {

    /** All tokens and padding. */
    static final int VOCABULARY = ListOps.TOKENS.size() + 1;

    private static final Map<String, Integer> IDS = new HashMap<>();

    static {
        ListOps.TOKENS.forEach(token -> IDS.put(token, IDS.size() + 1));
    }

    @Override
    public Encoded encode(String text, String pairOrNull) {
        StringTokenizer tokens = new StringTokenizer(text, " ");
        long[] ids = new long[tokens.countTokens()]; // (T)
        for (int i = 0; i < ids.length; i++) {
            ids[i] = IDS.get(tokens.nextToken());
        }
        return new Encoded(ids, new long[ids.length], ids.length);
    }
}
