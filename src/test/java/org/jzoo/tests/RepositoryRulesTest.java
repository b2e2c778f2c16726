package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;

/** What holds for every source of the repository and no compiler checks. */
class RepositoryRulesTest {

    private static final int LONGEST = 400;
    private static final int LONGEST_TEST = 500;

    /** What each module may import, besides itself. */
    private static final Map<String, Set<String>> SEES =
            Map.of(
                    "blocks", Set.of(),
                    "datasets", Set.of(),
                    "zoo", Set.of("blocks"),
                    "training", Set.of("blocks"),
                    "examples", Set.of("blocks", "zoo", "training", "datasets"));

    // In parts, so that this file does not break its own rule.
    private static final Pattern OF_ONE_MACHINE =
            Pattern.compile(
                    "(?<![\\w.$}-])/(?:wo"
                            + "rk|ro"
                            + "ot|home/\\w+|Users/\\w+)/"
                            + "|repo1?\\.maven\\.(?:apache\\.)?org"
                            + "|registry\\.npmjs"
                            + "|\\w+\\.debian\\.org");

    private static final Pattern TEXT =
            Pattern.compile(".*(?:\\.(?:java|py|xml|md|ipynb|properties|json|sh|config)|run|jzoo)");

    private final Sources sources = new Sources();

    @Test
    void everyPackageIsDescribed() {
        List<String> violations = new ArrayList<>();
        for (Path path : sources.java("src/main/java")) {
            Path description = path.resolveSibling("package-info.java");
            if (!sources.exists(description) || !sources.read(description).contains("/**")) {
                violations.add(path.getParent() + " has no package-info.java with a comment");
            }
        }
        assertNone(violations);
    }

    @Test
    void modulesDependOneWay() {
        List<String> violations = new ArrayList<>();
        for (Sources.Parsed source : sources.parse(sources.java("src/main/java"))) {
            new TreePathScanner<Void, Void>() {
                @Override
                public Void visitMemberSelect(MemberSelectTree tree, Void unused) {
                    String[] parts = tree.toString().split("\\.", -1);
                    if (parts.length == 3 && parts[0].equals("org") && parts[1].equals("jzoo")) {
                        String other = parts[2];
                        if (!other.equals(source.module())
                                && !SEES.get(source.module()).contains(other)) {
                            violations.add(at(source, tree) + " must not use org.jzoo." + other);
                        }
                    }
                    return super.visitMemberSelect(tree, null);
                }
            }.scan(source.unit(), null);
        }
        assertNone(violations);
    }

    @Test
    void thePublicApiIsDocumented() {
        List<String> violations = new ArrayList<>();
        for (Sources.Parsed source : sources.parse(sources.java("src/main/java"))) {
            new PublicApi(source, violations).scan(source.unit(), null);
        }
        assertNone(violations);
    }

    @Test
    void typeNamesSayWhatThingsAre() {
        Pattern empty = Pattern.compile(".+(?:Block|Impl|Utils?|Helper|Manager)");
        List<String> violations = new ArrayList<>();
        for (Path path : sources.java("src/main/java")) {
            String name = path.getFileName().toString().replace(".java", "");
            if (empty.matcher(name).matches()) {
                violations.add(path + " is named by a suffix that says nothing");
            }
        }
        assertNone(violations);
    }

    @Test
    void skippedTestsSayWhy() {
        List<String> violations = new ArrayList<>();
        for (Sources.Parsed source : sources.parse(sources.tests())) {
            new TreePathScanner<Void, Void>() {
                @Override
                public Void visitAnnotation(AnnotationTree tree, Void unused) {
                    if (tree.getAnnotationType().toString().equals("Disabled")
                            && tree.getArguments().isEmpty()) {
                        violations.add(at(source, tree) + " @Disabled must give a reason");
                    }
                    return super.visitAnnotation(tree, null);
                }

                @Override
                public Void visitMethodInvocation(MethodInvocationTree tree, Void unused) {
                    String name = tree.getMethodSelect().toString();
                    if (name.matches("(?:Assumptions\\.)?assume(?:True|False)")
                            && tree.getArguments().size() < 2) {
                        violations.add(at(source, tree) + " " + name + " must give a reason");
                    }
                    return super.visitMethodInvocation(tree, null);
                }
            }.scan(source.unit(), null);
        }
        assertNone(violations);
    }

    @Test
    void nothingNamesOneMachineOrRegistry() {
        List<String> violations = new ArrayList<>();
        for (Path path : sources.files()) {
            if (!TEXT.matcher(path.toString()).matches()) {
                continue;
            }
            int number = 0;
            for (String line : sources.read(path).split("\n", -1)) {
                number++;
                if (OF_ONE_MACHINE.matcher(line).find()) {
                    violations.add(path + ":" + number + " " + line.strip());
                }
            }
        }
        assertNone(violations);
    }

    @Test
    void sourcesAreShort() {
        List<String> violations = new ArrayList<>();
        for (Path path : sources.files()) {
            if (path.toString().endsWith(".java")) {
                long lines = sources.read(path).lines().count();
                int longest = path.toString().contains("test") ? LONGEST_TEST : LONGEST;
                if (lines > longest) {
                    violations.add(path + " has " + lines + " lines, more than " + longest);
                }
            }
        }
        assertNone(violations);
    }

    @Test
    void theRulesSeeTheSources() {
        assertFalse(sources.java("src/main/java").isEmpty());
        assertFalse(sources.tests().isEmpty());
    }

    private static String at(Sources.Parsed source, Tree tree) {
        return source.path() + ":" + source.line(tree);
    }

    private static void assertNone(List<String> violations) {
        assertEquals("", String.join("\n", violations.stream().distinct().toList()));
    }

    /** Finds public types, methods and constructors without a comment. */
    private static final class PublicApi extends TreePathScanner<Void, Void> {

        private final Sources.Parsed source;
        private final List<String> violations;

        PublicApi(Sources.Parsed source, List<String> violations) {
            this.source = source;
            this.violations = violations;
        }

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            if (!isPublic(tree.getModifiers())) {
                return null;
            }
            check(tree, tree.getSimpleName().toString());
            return super.visitClass(tree, null);
        }

        @Override
        public Void visitMethod(MethodTree tree, Void unused) {
            boolean overrides =
                    tree.getModifiers().getAnnotations().stream()
                            .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
            if (isPublic(tree.getModifiers()) && !overrides && !constructsRecord(tree)) {
                check(tree, tree.getName().toString());
            }
            return null; // bodies hold no API
        }

        private void check(Tree tree, String name) {
            if (source.docs().getDocComment(getCurrentPath()) == null) {
                violations.add(at(source, tree) + " " + name + " is public and has no comment");
            }
        }

        /** Members of interfaces are public without saying so. */
        private boolean isPublic(ModifiersTree modifiers) {
            TreePath parent = getCurrentPath().getParentPath();
            return modifiers.getFlags().contains(Modifier.PUBLIC)
                    || (parent.getLeaf().getKind() == Tree.Kind.INTERFACE
                            && !modifiers.getFlags().contains(Modifier.PRIVATE));
        }

        /** A record's components are documented on the record. */
        private boolean constructsRecord(MethodTree tree) {
            return getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD
                    && tree.getName().contentEquals("<init>");
        }
    }
}
