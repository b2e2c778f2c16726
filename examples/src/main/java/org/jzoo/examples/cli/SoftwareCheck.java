package org.jzoo.examples.cli;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jzoo.blocks.kernel.PyTorch;

/** Looks at the libraries on the class path: which versions there are, against those wanted. */
final class SoftwareCheck {

    private static final int LEAST_JAVA = 17;
    private static final String WANTED_JNI = PyTorch.PYTORCH_VERSION + "-" + PyTorch.DJL_VERSION;

    private final ClassLoader loader;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * Prepares a look.
     *
     * @param loader of the libraries
     */
    SoftwareCheck(ClassLoader loader) {
        this.loader = loader;
    }

    List<Finding> run() throws IOException {
        java();
        String djl = String.valueOf(Engine.getDjlVersion());
        findings.add(
                djl.startsWith(PyTorch.DJL_VERSION)
                        ? Finding.ok("DJL api", djl)
                        : Finding.wrong(
                                "DJL api", djl, "import ai.djl:bom:" + PyTorch.DJL_VERSION));
        library(
                "DJL PyTorch engine",
                "pytorch-engine.properties",
                "djl_version",
                PyTorch.DJL_VERSION,
                "ai.djl.pytorch:pytorch-engine:" + PyTorch.DJL_VERSION);
        library(
                "PyTorch JNI",
                "jnilib/pytorch.properties",
                "jni_version",
                WANTED_JNI,
                "ai.djl.pytorch:pytorch-jni:" + WANTED_JNI);
        library(
                "tokenizers",
                "native/lib/tokenizers.properties",
                "version",
                "-" + PyTorch.DJL_VERSION,
                "ai.djl.huggingface:tokenizers:" + PyTorch.DJL_VERSION);
        natives();
        return findings;
    }

    private void java() {
        String value = System.getProperty("java.vendor") + " " + Runtime.version();
        findings.add(
                Runtime.version().feature() >= LEAST_JAVA
                        ? Finding.ok("Java", value)
                        : Finding.wrong("Java", value, "install a JDK of version 17 or later"));
    }

    /** A library that says its version in a resource. */
    private void library(String name, String resource, String key, String wanted, String artifact)
            throws IOException {
        List<String> versions = new ArrayList<>();
        for (Properties properties : properties(resource)) {
            versions.add(properties.getProperty(key, "unknown"));
        }
        if (versions.isEmpty()) {
            findings.add(Finding.wrong(name, "missing", "add the Maven dependency " + artifact));
        } else if (versions.size() > 1) {
            findings.add(
                    Finding.wrong(
                            name,
                            String.join(" and ", versions),
                            "keep one on the class path: " + artifact));
        } else if (wanted.startsWith("-")
                ? versions.get(0).endsWith(wanted)
                : versions.get(0).startsWith(wanted)) {
            findings.add(Finding.ok(name, versions.get(0)));
        } else {
            findings.add(
                    Finding.wrong(name, versions.get(0), "use the Maven dependency " + artifact));
        }
    }

    private void natives() throws IOException {
        String machine = machine();
        String name = "PyTorch for " + machine;
        String artifact =
                "ai.djl.pytorch:pytorch-native-cpu:%s:%s"
                        .formatted(PyTorch.PYTORCH_VERSION, machine);
        String path = System.getenv("PYTORCH_LIBRARY_PATH");
        if (path != null) {
            findings.add(Finding.ok(name, "PYTORCH_LIBRARY_PATH=" + path));
            return;
        }
        List<String> fitting = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Properties properties : properties("native/lib/pytorch.properties")) {
            String found =
                    "%s %s %s"
                            .formatted(
                                    properties.getProperty("version"),
                                    properties.getProperty("flavor"),
                                    properties.getProperty("classifier"));
            (machine.equals(properties.getProperty("classifier")) ? fitting : others).add(found);
        }
        if (fitting.size() == 1 && fitting.get(0).startsWith(PyTorch.PYTORCH_VERSION)) {
            findings.add(Finding.ok(name, fitting.get(0)));
        } else if (!fitting.isEmpty()) {
            findings.add(
                    Finding.wrong(
                            name,
                            String.join(" and ", fitting),
                            "keep one on the class path: " + artifact));
        } else if ("true".equals(System.getenv("DJL_OFFLINE"))
                || Boolean.getBoolean("ai.djl.offline")) {
            findings.add(
                    Finding.wrong(
                            name,
                            others.isEmpty() ? "missing" : "only " + others,
                            "add the Maven dependency " + artifact + " (or unset DJL_OFFLINE)"));
        } else {
            findings.add(
                    Finding.hint(
                            name,
                            "not on the class path",
                            "DJL downloads a build for this machine when it starts; to be"
                                    + " independent of the network add "
                                    + artifact));
        }
    }

    /** This machine as the native libraries' classifiers name it: "linux-x86_64". */
    private static String machine() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String prefix =
                system.startsWith("mac") ? "osx" : system.startsWith("win") ? "win" : "linux";
        String processor = System.getProperty("os.arch");
        return prefix + "-" + (processor.equals("amd64") ? "x86_64" : processor);
    }

    private List<Properties> properties(String resource) throws IOException {
        List<Properties> all = new ArrayList<>();
        for (URL url : Collections.list(loader.getResources(resource))) {
            Properties properties = new Properties();
            try (InputStream in = url.openStream()) {
                properties.load(in);
            }
            all.add(properties);
        }
        return all;
    }
}
