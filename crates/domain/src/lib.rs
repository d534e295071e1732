//! The rules of precision aid for hardship workers 困难职工精准帮扶.
//!
//! This crate is pure. It takes a command and the state around it as values, and returns events or a typed rejection.
//! It has no clock, no randomness, no input or output, no database and no HTTP.

#![deny(clippy::wildcard_enum_match_arm)]

mod canonical;
pub mod codes;
pub mod content;
mod streams;

pub mod account;
pub mod actor;
pub mod aggregate;
pub mod amounts;
pub mod bank;
pub mod batch;
pub mod cap;
pub mod case;
pub mod client;
pub mod credit_code;
pub mod decision;
pub mod division;
pub mod duty;
pub mod effects;
pub mod event;
pub mod evidence;
pub mod fund;
pub mod grant;
pub mod hardship;
pub mod id_generator;
pub mod identity_number;
pub mod ids;
pub mod input;
pub mod installation;
pub mod invalid;
pub mod level;
pub mod money;
pub mod name;
pub mod organization;
pub mod person;
pub mod phone;
pub mod policy;
pub mod posting;
pub mod record;
pub mod referral;
pub mod rejection;
pub mod relation;
pub mod relief;
pub mod remark;
pub mod role;
pub mod separation;
pub mod source;
pub mod spelling;
pub mod stream;
pub mod text;
pub mod text_value;
pub mod time;
pub mod vault;
pub mod working_days;
