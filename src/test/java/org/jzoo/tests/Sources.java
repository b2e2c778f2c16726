package org.jzoo.tests;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The repository as its rules see it: files, Java sources and their parsed trees. */
final class Sources {

    static final List<String> MODULES =
            List.of("blocks", "zoo", "training", "datasets", "examples");

    private static final Set<String> SKIPPED = Set.of("target", ".git", ".jzoo", ".idea");

    private final Path root = findRoot();

    /** A parsed file with what the rules ask about it. */
    record Parsed(String path, String module, CompilationUnitTree unit, DocTrees docs) {
        long line(com.sun.source.tree.Tree tree) {
            long position = docs.getSourcePositions().getStartPosition(unit, tree);
            return unit.getLineMap().getLineNumber(position);
        }
    }

    Path root() {
        return root;
    }

    /** Every file of the repository that is not built, as paths from its root. */
    List<Path> files() {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile)
                    .map(root::relativize)
                    .filter(path -> !isSkipped(path))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The Java files under a folder of each module, such as {@code src/main/java}. */
    List<Path> java(String folder) {
        return files().stream()
                .filter(path -> path.toString().endsWith(".java"))
                .filter(path -> MODULES.contains(path.getName(0).toString()))
                .filter(path -> unix(path).startsWith(path.getName(0) + "/" + folder + "/"))
                .toList();
    }

    /** Every test source: those of the modules and those of this one. */
    List<Path> tests() {
        Stream<Path> here =
                files().stream()
                        .filter(path -> path.toString().endsWith(".java"))
                        .filter(path -> unix(path).startsWith("src/test/"));
        return Stream.concat(java("src/test/java").stream(), here).toList();
    }

    List<Parsed> parse(List<Path> paths) {
        if (paths.isEmpty()) {
            return List.of();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager =
                compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(
                                            paths.stream().map(root::resolve).toList()));
            DocTrees docs = DocTrees.instance(task);
            return Stream.iterate(task.parse().iterator(), units -> units)
                    .takeWhile(units -> units.hasNext())
                    .map(units -> parsed(units.next(), docs))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String read(Path path) {
        try {
            return Files.readString(root.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(path.toString(), e);
        }
    }

    boolean exists(Path path) {
        return Files.exists(root.resolve(path));
    }

    private Parsed parsed(CompilationUnitTree unit, DocTrees docs) {
        Path path = root.relativize(Path.of(unit.getSourceFile().toUri()));
        return new Parsed(unix(path), path.getName(0).toString(), unit, docs);
    }

    private static boolean isSkipped(Path path) {
        for (Path name : path) {
            if (SKIPPED.contains(name.toString())) {
                return true;
            }
        }
        return false;
    }

    private static String unix(Path path) {
        return path.toString().replace('\\', '/');
    }

    private static Path findRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve(".mvn"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("no parent folder holds .mvn");
            }
        }
        return folder;
    }
}
