package org.jzoo.examples.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.Options;
import org.jzoo.examples.cli.Finding.State;

/** {@code jzoo doctor}: what is wrong with an installation, and what to do. */
final class DoctorCommand implements Command {

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String summary() {
        return "Checks versions, native libraries, devices, threads and folders; says what to do.";
    }

    @Override
    public String usage() {
        return "[--json]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.flag("json", "prints the findings as JSON"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo doctor", "jzoo doctor --json");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        if (!arguments.rest().isEmpty()) {
            throw new UsageException("doctor must have no arguments, got " + arguments.rest());
        }
        List<Finding> findings = new ArrayList<>();
        findings.addAll(new SoftwareCheck(DoctorCommand.class.getClassLoader()).run());
        findings.addAll(new MachineCheck(System.getenv()).run());
        return report(findings, arguments.has("json"), terminal);
    }

    /** Shows findings; the exit code tells whether something is wrong. */
    static int report(List<Finding> findings, boolean json, Terminal terminal) {
        List<Finding> faults = findings.stream().filter(f -> f.state() == State.WRONG).toList();
        int code = faults.isEmpty() ? Main.OK : Main.FAILED;
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("sound", faults.isEmpty());
            result.put("findings", findings);
            terminal.json(result);
            return code;
        }
        for (Finding finding : findings) {
            terminal.print(
                    "%-6s%-24s %s",
                    finding.state().name().toLowerCase(Locale.ROOT),
                    finding.name(),
                    finding.value());
        }
        List<Finding> advice = findings.stream().filter(f -> f.state() != State.OK).toList();
        terminal.print("");
        if (faults.isEmpty()) {
            terminal.print("nothing is wrong");
        } else {
            terminal.print("%d to be put right:", faults.size());
        }
        for (Finding finding : advice) {
            terminal.print(
                    "  %s%s: %s",
                    finding.state() == State.HINT ? "(hint) " : "",
                    finding.name(),
                    finding.advice());
        }
        return code;
    }
}
