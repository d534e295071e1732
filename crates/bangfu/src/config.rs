//! The configuration file, and the settings that are in effect.
//!
//! A setting is an argument of `serve` that has an environment variable. Its declaration is the only one: the key in
//! the file is its name, and a value of the file takes the place of its default, so that flags and the environment win.

use std::{
    any::TypeId,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use bangfu_persistence::Location;
use clap::{Arg, ArgAction, ArgMatches, Command, parser::ValueSource};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// The argument that names the file. It is no setting of the file.
pub const CONFIG: &str = "config";
/// The command whose arguments are the settings.
const SERVE: &str = "serve";

/// The configuration file cannot be used. No value of it is shown.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFileError {
    /// It cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    /// It says something that is no setting.
    #[error("{}, line {line}: {mistake}", path.display())]
    Mistake { path: PathBuf, line: usize, mistake: Mistake },
}

/// What is wrong in a line of the file.
#[derive(Debug, PartialEq, Eq)]
pub enum Mistake {
    /// It is no TOML.
    Syntax(String),
    /// No setting has this name; these are the names that there are.
    Unknown(String, Vec<String>),
    /// The value is of another type.
    Type(String, &'static str),
    /// The setting does not take the value.
    Value(String, String),
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(message) => f.write_str(message),
            Self::Unknown(key, known) => write!(f, "there is no setting `{key}`; there are: {}", known.join(", ")),
            Self::Type(key, expected) => write!(f, "`{key}` must be {expected}"),
            Self::Value(key, reason) => write!(f, "`{key}`: {reason}"),
        }
    }
}

/// The types of settings, as TOML has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Flag,
    Number,
    Text,
    Texts,
}

impl Kind {
    fn of(argument: &Arg) -> Self {
        if matches!(argument.get_action(), ArgAction::SetTrue) {
            Self::Flag
        } else if matches!(argument.get_action(), ArgAction::Append) {
            Self::Texts
        } else if [TypeId::of::<i64>(), TypeId::of::<u64>(), TypeId::of::<u32>(), TypeId::of::<u16>()]
            .iter()
            .any(|number| argument.get_value_parser().type_id() == *number)
        {
            Self::Number
        } else {
            Self::Text
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::Flag => "true or false",
            Self::Number => "a whole number",
            Self::Text => "a text in quotation marks",
            Self::Texts => "a list of texts",
        }
    }

    /// The value as the argument takes it.
    fn texts(self, value: &DeValue<'_>) -> Option<Vec<String>> {
        match (self, value) {
            (Self::Flag, DeValue::Boolean(value)) => Some(vec![value.to_string()]),
            (Self::Number, DeValue::Integer(value)) => {
                let number = i64::from_str_radix(value.as_str(), value.radix()).ok()?;
                Some(vec![number.to_string()])
            }
            (Self::Text, DeValue::String(value)) => Some(vec![value.to_string()]),
            (Self::Texts, DeValue::Array(values)) => values
                .iter()
                .map(|it| if let DeValue::String(text) = it.get_ref() { Some(text.to_string()) } else { None })
                .collect(),
            _ => None,
        }
    }

    /// A value as TOML.
    fn to_toml(self, values: &[String]) -> String {
        let quoted = |text: &String| format!("\"{}\"", text.escape_default());
        match self {
            Self::Flag | Self::Number => values.concat(),
            Self::Text => values.iter().map(quoted).collect(),
            Self::Texts => format!("[{}]", values.iter().map(quoted).collect::<Vec<_>>().join(", ")),
        }
    }
}

/// What a configuration file says.
#[derive(Debug, Default)]
pub struct ConfigFile {
    values: Vec<(String, Vec<String>)>,
}

/// The settings that there are.
fn settings(program: &Command) -> impl Iterator<Item = &Arg> {
    let of_serve = program.find_subcommand(SERVE).into_iter().flat_map(Command::get_arguments);
    let all = program.get_arguments().chain(of_serve);
    all.filter(|it| it.get_env().is_some() && it.get_id() != CONFIG)
}

impl ConfigFile {
    /// Reads a file by the declarations of the program's arguments.
    pub fn read(path: &Path, program: &Command) -> Result<Self, ConfigFileError> {
        let unreadable = |source| ConfigFileError::Unreadable { path: path.to_owned(), source };
        let text = fs::read_to_string(path).map_err(unreadable)?;
        Self::parse(&text, program).map_err(|(at, mistake)| {
            let line = text.bytes().take(at).filter(|it| *it == b'\n').count() + 1;
            ConfigFileError::Mistake { path: path.to_owned(), line, mistake }
        })
    }

    /// Reads the text of a file. A mistake comes with its place.
    fn parse(text: &str, program: &Command) -> Result<Self, (usize, Mistake)> {
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            (at, Mistake::Syntax(error.message().to_owned()))
        })?;
        let value = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let name: &str = AsRef::as_ref(key.get_ref());
            let argument = settings(program).find(|it| it.get_id() == name).ok_or_else(|| {
                let known = settings(program).map(|it| it.get_id().to_string()).collect();
                (key.span().start, Mistake::Unknown(name.to_owned(), known))
            })?;
            let (at, kind) = (value.span().start, Kind::of(argument));
            let texts = kind.texts(value.get_ref());
            let texts = texts.ok_or_else(|| (at, Mistake::Type(name.to_owned(), kind.expected())))?;
            refuse_invalid(argument, kind, &texts).map_err(|reason| (at, Mistake::Value(name.to_owned(), reason)))?;
            Ok((name.to_owned(), texts))
        };
        let values = table.get_ref().iter().map(value).collect::<Result<_, _>>()?;
        Ok(Self { values })
    }

    /// The program's arguments, with the file's values in place of the defaults.
    pub fn apply(&self, mut program: Command) -> Command {
        for (name, values) in &self.values {
            let set = |argument: Arg| argument.default_values(values.clone());
            let has = |command: &Command| command.get_arguments().any(|it| it.get_id() == name.as_str());
            if has(&program) {
                program = program.mut_arg(name, set);
            }
            program = program.mut_subcommands(|it| if has(&it) { it.mut_arg(name, set) } else { it });
        }
        program
    }

    /// The settings in effect, as a configuration file with the source of each; secrets are left out.
    pub fn effective(&self, program: &Command, matches: &ArgMatches) -> String {
        let mut text = String::new();
        for argument in settings(program) {
            let (name, kind) = (argument.get_id().as_str(), Kind::of(argument));
            let raw = matches.try_get_raw(name).ok().flatten().into_iter().flatten();
            let mut values: Vec<String> = raw.map(|it| it.to_string_lossy().into_owned()).collect();
            if kind == Kind::Flag {
                values = vec![matches.get_flag(name).to_string()];
            }
            if argument.is_hide_env_values_set() {
                values = values.iter().map(|it| without_password(it)).collect();
            }
            let variable = argument.get_env().unwrap_or_default().display();
            let line = match matches.value_source(name) {
                None => format!("# {name} is not set\n"),
                Some(ValueSource::CommandLine) => format!("{name} = {}  # flag\n", kind.to_toml(&values)),
                Some(ValueSource::EnvVariable) => format!("{name} = {}  # {variable}\n", kind.to_toml(&values)),
                Some(_) if self.values.iter().any(|(key, _)| key == name) => {
                    format!("{name} = {}  # file\n", kind.to_toml(&values))
                }
                Some(_) => format!("{name} = {}  # default\n", kind.to_toml(&values)),
            };
            text.push_str(&line);
        }
        text
    }
}

/// Lets an argument read the values as it would from the command line.
fn refuse_invalid(argument: &Arg, kind: Kind, values: &[String]) -> Result<(), String> {
    if kind == Kind::Flag {
        return Ok(());
    }
    let name = argument.get_long().unwrap_or_default();
    let given = values.iter().map(|value| format!("--{name}={value}"));
    let alone = Command::new(SERVE).no_binary_name(true).arg(argument.clone());
    let refused = alone.try_get_matches_from(given).err();
    refused.map_or(Ok(()), |error| {
        let text = error.to_string();
        let lines = text.lines().take_while(|line| !line.is_empty()).map(str::trim);
        Err(lines.collect::<Vec<_>>().join(" ").trim_start_matches("error: ").to_owned())
    })
}

/// The address of a database as it may be shown.
fn without_password(address: &str) -> String {
    Location::parse(address).map_or_else(|_| "not shown, because it is not valid".to_owned(), |it| it.to_string())
}
