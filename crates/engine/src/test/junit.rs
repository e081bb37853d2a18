use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::ScenarioRun;

/// A `JUnit` report: a suite a module, a case a scenario. There are no times, because nothing here
/// reads a clock.
pub(super) fn report(scenarios: &[ScenarioRun]) -> String {
    let mut suites: BTreeMap<&str, Vec<&ScenarioRun>> = BTreeMap::new();
    for scenario in scenarios {
        suites.entry(&scenario.module).or_default().push(scenario);
    }
    let failed = scenarios.iter().filter(|scenario| !scenario.passed).count();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "<testsuites name=\"exeat\" tests=\"{}\" failures=\"{failed}\" errors=\"0\">",
        scenarios.len()
    );
    for (module, scenarios) in suites {
        let failed = scenarios.iter().filter(|scenario| !scenario.passed).count();
        let _ = writeln!(
            text,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\" errors=\"0\">",
            escaped(module),
            scenarios.len()
        );
        for scenario in scenarios {
            case(&mut text, scenario);
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn case(text: &mut String, scenario: &ScenarioRun) {
    let _ = write!(
        text,
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\"",
        escaped(&scenario.title),
        escaped(&scenario.module),
        escaped(&scenario.file),
        scenario.line
    );
    if scenario.passed {
        text.push_str("/>\n");
        return;
    }
    text.push_str(">\n");
    for failure in &scenario.failures {
        let _ = writeln!(
            text,
            "      <failure type=\"{}\" message=\"{}\">{}:{}: {}: {}</failure>",
            failure.kind,
            escaped(&failure.message),
            escaped(&scenario.file),
            failure.line,
            escaped(&failure.expected),
            escaped(&failure.message)
        );
    }
    text.push_str("    </testcase>\n");
}

/// A text that may stand between quotes or tags. Characters that XML cannot hold become `\u{fffd}`.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push_str("&#9;"),
            '\r' => safe.push_str("&#13;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        assert_eq!(escaped("a<b & \"c\"\u{1}\n"), "a&lt;b &amp; &quot;c&quot;\u{fffd}&#10;");
    }
}
