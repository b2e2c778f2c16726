package org.jzoo.training.metric;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The F1 of labelled stretches of texts, 0 … 1, as CoNLL-2003 has it: a stretch is right only if
 * label, beginning and end are all those of an expected one, and all labels count together (micro).
 * Where nothing is found and nothing expected it is 0. Stretches have places, not tags, so that no
 * tagging scheme has to be agreed on.
 *
 * @see <a href="https://aclanthology.org/W03-0419">Tjong Kim Sang and De Meulder 2003</a>, on
 *     evaluation
 */
public final class EntityF1 implements Metric {

    private static final HitCounts NONE = new HitCounts(0, 0, 0);

    private final Map<String, HitCounts> labels = new TreeMap<>();
    private long count;

    /** Creates the metric {@code entityF1}. */
    public EntityF1() {}

    @Override
    public String name() {
        return "entityF1";
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    /**
     * Adds texts.
     *
     * @param found the stretches of each text
     * @param expected the true ones
     * @throws IllegalArgumentException if the lengths differ
     */
    public void add(
            List<? extends Collection<Entity>> found, List<? extends Collection<Entity>> expected) {
        Pairs.checkLengths(found.size(), expected.size());
        for (int i = 0; i < found.size(); i++) {
            add(new HashSet<>(found.get(i)), new HashSet<>(expected.get(i)));
        }
        count += found.size();
    }

    private void add(Set<Entity> found, Set<Entity> expected) {
        for (Entity entity : found) {
            boolean right = expected.contains(entity);
            count(entity, right ? new HitCounts(1, 0, 0) : new HitCounts(0, 1, 0));
        }
        for (Entity entity : expected) {
            if (!found.contains(entity)) {
                count(entity, new HitCounts(0, 0, 1));
            }
        }
    }

    private void count(Entity entity, HitCounts one) {
        labels.merge(entity.label(), one, HitCounts::plus);
    }

    /** The hits and errors of all labels together, of which precision and recall are made, too. */
    public HitCounts all() {
        return labels.values().stream().reduce(NONE, HitCounts::plus);
    }

    /** The hits and errors of each label, in alphabetical order. */
    public Map<String, HitCounts> byLabel() {
        return new TreeMap<>(labels);
    }

    @Override
    public double value() {
        return count == 0 ? Double.NaN : all().f1();
    }

    /** How many texts were added. */
    @Override
    public long count() {
        return count;
    }

    @Override
    public void reset() {
        labels.clear();
        count = 0;
    }
}
