use std::io::{IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use exeat_diagnostics::{Diagnostic, SourceMap, render};

use crate::arguments::{ColorWhen, DiagnosticFormat};

/// The two streams of a run: answers on one, problems on the other.
///
/// A reader that closed its end has seen enough: writing then stops without a complaint.
#[derive(Clone)]
pub(crate) struct Output {
    color: ColorChoice,
    format: DiagnosticFormat,
}

impl Output {
    pub(crate) fn new(color: ColorWhen, format: DiagnosticFormat) -> Self {
        let color = match color {
            ColorWhen::Auto => ColorChoice::Auto,
            ColorWhen::Always => ColorChoice::Always,
            ColorWhen::Never => ColorChoice::Never,
        };
        Self { color, format }
    }

    /// Whether answers are shown in colours.
    pub(crate) fn has_coloured_answers(&self) -> bool {
        self.is_coloured(&std::io::stdout())
    }

    /// Problems as a part of an answer, in the order of the lines that they answer.
    pub(crate) fn problems_text(&self, diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
        if self.format == DiagnosticFormat::Plain {
            return render::plain(diagnostics, sources);
        }
        let color = self.has_coloured_answers();
        let unicode = std::io::stdout().is_terminal() || !color;
        let options =
            render::GraphicalOptions { color, unicode, ..render::GraphicalOptions::default() };
        render::graphical(diagnostics, sources, &options)
    }

    /// An answer for a printer of its own: without colours where they are not wanted.
    pub(crate) fn for_terminal(&self, text: &str) -> String {
        if self.has_coloured_answers() {
            text.to_owned()
        } else {
            anstream::adapter::strip_str(text).to_string()
        }
    }

    /// Writes an answer. Colours in it are taken out where they are not wanted.
    pub(crate) fn answer(&self, text: &str) {
        let mut stream = AutoStream::new(std::io::stdout().lock(), self.color);
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    /// Writes a text as it is, whatever it contains.
    #[expect(clippy::unused_self, reason = "what is written goes through the output")]
    pub(crate) fn verbatim(&self, text: &str) {
        let mut stream = std::io::stdout().lock();
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    /// Writes problems and a line that counts them; nothing if there are none.
    pub(crate) fn problems(&self, diagnostics: &[Diagnostic], sources: &SourceMap) {
        let machine = matches!(self.format, DiagnosticFormat::Json | DiagnosticFormat::Sarif);
        if diagnostics.is_empty() && !machine {
            return;
        }
        let errors = std::io::stderr();
        let color = self.is_coloured(&errors);
        let unicode = errors.is_terminal() || !color;
        let mut text = rendered(self.format, diagnostics, sources, (color, unicode));
        if !machine && self.format != DiagnosticFormat::Github {
            text.push('\n');
            text.push_str(&render::summary(diagnostics));
            if let Some(command) = render::explain_command(diagnostics, sources) {
                text.push_str("; more: `");
                text.push_str(&command);
                text.push('`');
            }
            text.push('\n');
        }
        let _ = errors.lock().write_all(text.as_bytes());
    }

    /// Problems as a part of an answer.
    pub(crate) fn as_answer(
        &self,
        format: DiagnosticFormat,
        diagnostics: &[Diagnostic],
        sources: &SourceMap,
    ) -> String {
        let stream = std::io::stdout();
        let color = self.is_coloured(&stream);
        rendered(format, diagnostics, sources, (color, stream.is_terminal() || !color))
    }

    fn is_coloured(&self, stream: &impl anstream::stream::RawStream) -> bool {
        match self.color {
            ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => AutoStream::choice(stream) != ColorChoice::Never,
        }
    }

    /// Writes a problem that is in no text.
    pub(crate) fn problem(&self, diagnostic: Diagnostic) {
        self.problems(&[diagnostic], &SourceMap::new());
    }

    /// Writes a sentence to standard error.
    pub(crate) fn say(&self, sentence: &str) {
        let mut stream = AutoStream::new(std::io::stderr().lock(), self.color);
        let _ = writeln!(stream, "{sentence}");
    }
}

fn rendered(
    format: DiagnosticFormat,
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    (color, unicode): (bool, bool),
) -> String {
    match format {
        DiagnosticFormat::Text => {
            let options =
                render::GraphicalOptions { color, unicode, ..render::GraphicalOptions::default() };
            render::graphical(diagnostics, sources, &options)
        }
        DiagnosticFormat::Plain => render::plain(diagnostics, sources),
        DiagnosticFormat::Json => render::json(diagnostics, sources),
        DiagnosticFormat::Sarif => render::sarif(diagnostics, sources),
        DiagnosticFormat::Github => render::github(diagnostics, sources),
    }
}
