//! How the actions are declared: `actions!`, which `schema.rs` calls.

/// Declares the actions by groups: `Name = "its name in the policies" on KindOfResource for Commands`. A group that
/// names an enumeration of commands gives each of them its action, and does not compile where it leaves one out.
macro_rules! actions {
    ($($group:ident $(by $command:ident)? {
        $(
            $(#[doc = $doc:literal])+
            $action:ident = $name:literal on $kind:ident $(for $($given:ident)|+)?,
        )+
    })+) => {
        /// What a caller may or may not do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($($(#[doc = $doc])+ $action,)+)+ }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Action] = &[$($(Action::$action,)+)+];

            /// The name in the policies.
            pub const fn name(self) -> &'static str {
                match self { $($(Action::$action => $name,)+)+ }
            }

            /// The kind of thing to which it is done.
            pub const fn resource_kind(self) -> ResourceKind {
                match self { $($(Action::$action => ResourceKind::$kind,)+)+ }
            }

            /// What it is, in a sentence.
            pub(super) const fn sentence(self) -> &'static str {
                match self { $($(Action::$action => concat!($($doc),+),)+)+ }
            }
        }

        $(commands! { $($command)? { $($($action: $($given)|+;)?)+ } })+
    };
}

/// Says which action the policies are asked about before a command.
macro_rules! commands {
    ({}) => {};
    ($command:ident { $($action:ident: $($given:ident)|+;)+ }) => {
        impl From<$command> for Action {
            fn from(command: $command) -> Self {
                match command { $($($command::$given)|+ => Action::$action,)+ }
            }
        }
    };
}

pub(super) use {actions, commands};
